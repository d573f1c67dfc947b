ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
RUN command -v dumb-init || (apt-get update \
    && apt-get install -y --no-install-recommends dumb-init \
    && rm -rf /var/lib/apt/lists/*)
WORKDIR /app
COPY server.js ./
EXPOSE 3000
ENTRYPOINT ["dumb-init", "--"]
CMD node server.js
