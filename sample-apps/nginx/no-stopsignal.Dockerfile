ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN command -v nginx || (apt-get update \
    && apt-get install -y --no-install-recommends nginx-light \
    && rm -rf /var/lib/apt/lists/*)
COPY nginx.conf /etc/nginx/nginx.conf
RUN head -c 100000 /dev/zero > /var/www/html/index.html
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]
