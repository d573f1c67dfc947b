ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY server.js bash-exec.sh ./
EXPOSE 3000
ENTRYPOINT ["./bash-exec.sh"]
