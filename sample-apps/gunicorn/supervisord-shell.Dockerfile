ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN command -v supervisord || (apt-get update \
    && apt-get install -y --no-install-recommends supervisor gunicorn \
    && rm -rf /var/lib/apt/lists/*)
WORKDIR /app
COPY app.py ./
ENV PYTHONDONTWRITEBYTECODE=1
COPY supervisord-shell.conf /etc/supervisor/supervisord.conf
EXPOSE 8000
CMD ["supervisord", "-c", "/etc/supervisor/supervisord.conf"]
