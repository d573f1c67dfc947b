ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY package.json server.js ./
EXPOSE 3000
CMD ["npm", "start"]
