ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN command -v busybox || (apt-get update \
    && apt-get install -y --no-install-recommends busybox gunicorn \
    && rm -rf /var/lib/apt/lists/*)
WORKDIR /app
COPY app.py ./
ENV PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
ENTRYPOINT ["busybox", "sh", "-c", "gunicorn --bind 0.0.0.0:8000 --workers 3 app:app"]
