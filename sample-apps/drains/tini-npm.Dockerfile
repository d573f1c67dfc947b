ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
RUN command -v tini || (apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*)
WORKDIR /app
COPY package.json server.js ./
EXPOSE 3000
ENTRYPOINT ["tini", "--"]
CMD ["npm", "start"]
