ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY server.js ./
EXPOSE 3000
CMD ["bash", "-c", "node server.js"]
