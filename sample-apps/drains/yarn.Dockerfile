ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
RUN command -v yarn || npm install --global yarn@1
COPY package.json server.js ./
EXPOSE 3000
CMD ["yarn", "start"]
