ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY server.js trap-no-wait.sh ./
EXPOSE 3000
ENTRYPOINT ["./trap-no-wait.sh"]
