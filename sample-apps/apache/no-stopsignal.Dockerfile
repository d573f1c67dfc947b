ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN command -v apache2 || (apt-get update \
    && apt-get install -y --no-install-recommends apache2 \
    && rm -rf /var/lib/apt/lists/*)
COPY slow.conf /etc/apache2/conf-enabled/slow.conf
RUN a2enmod ratelimit && head -c 100000 /dev/zero > /var/www/html/slow && mkdir -p /var/run/apache2
ENV APACHE_RUN_DIR=/var/run/apache2 APACHE_PID_FILE=/var/run/apache2/apache2.pid APACHE_LOCK_DIR=/var/lock \
    APACHE_LOG_DIR=/var/log/apache2 APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data
EXPOSE 80
CMD ["apache2", "-DFOREGROUND"]
