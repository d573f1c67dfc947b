ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN command -v supervisord || (apt-get update \
    && apt-get install -y --no-install-recommends supervisor nginx-light php-fpm \
    && rm -rf /var/lib/apt/lists/*)
COPY nginx.conf /etc/nginx/nginx.conf
COPY fpm.conf /etc/php/8.2/fpm/php-fpm.conf
COPY index.php /var/www/html/
COPY default-signals.conf /etc/supervisor/supervisord.conf
EXPOSE 8080
CMD ["supervisord", "-c", "/etc/supervisor/supervisord.conf"]
