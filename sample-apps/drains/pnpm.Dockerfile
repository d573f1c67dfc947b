ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
RUN command -v pnpm || npm install --global pnpm@10
COPY package.json server.js ./
EXPOSE 3000
CMD ["pnpm", "start"]
