# Where a registry answers: the public image under our own tag.
ARG PUBLIC_IMAGE
FROM ${PUBLIC_IMAGE}
EXPOSE 9000 9001
CMD ["server", "/data", "--console-address", ":9001"]
