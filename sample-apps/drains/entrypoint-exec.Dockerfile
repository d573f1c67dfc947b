ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY server.js entrypoint-exec.sh ./
EXPOSE 3000
ENTRYPOINT ["./entrypoint-exec.sh"]
CMD ["node", "server.js"]
