ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY server.js trap-foreground.sh ./
EXPOSE 3000
ENTRYPOINT ["./trap-foreground.sh"]
