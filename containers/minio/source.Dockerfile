# Where neither a registry answers nor Go is installed: MinIO compiled in here. Debian's backported Go is
# new enough to fetch the release that MinIO asks for.
ARG PYTHON
FROM ${PYTHON} AS build
LABEL seatrial=build
COPY network/ /network/
ENV APT_CONFIG=/network/apt.conf GOENV=/network/go.env SSL_CERT_FILE=/network/ca.pem \
    DEBIAN_FRONTEND=noninteractive CGO_ENABLED=0 GOBIN=/out GOTOOLCHAIN=auto
# The backports of whatever mirror the image itself uses, in either format of apt's sources.
RUN mirror=$(grep -rhE '^(deb |URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null \
      | grep -oE 'https?://[^ ]+' | grep -v security | head -n 1) \
 && echo "deb $mirror bookworm-backports main" > /etc/apt/sources.list.d/backports.list \
 && apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends -t bookworm-backports golang-go
ARG GO_VERSION
RUN go install -v -ldflags='-s -w' github.com/minio/minio@${GO_VERSION} \
 && rm -rf /root/go /root/.cache

FROM ${PYTHON}
COPY --from=build /out/minio /usr/local/bin/minio
ENV LANG=C.UTF-8
EXPOSE 9000 9001
ENTRYPOINT ["minio"]
CMD ["server", "/data", "--console-address", ":9001"]
