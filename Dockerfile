# Tanya Berita as a container: the package in a virtual environment, run by a user without rights, data under /data.
#
#   docker build --tag tanya-berita .
#   docker run --rm --volume tanya:/data tanya-berita tanya keys add redaksi --write
#   docker run --rm --volume tanya:/data --publish 127.0.0.1:8000:8000 tanya-berita
#
# By default pip brings the torch that its index offers, which may be a build with CUDA of several gigabytes. Give
# --build-arg PIP_EXTRA_INDEX_URL=... to name an index that has the small CPU build of the version in constraints.txt.

FROM python:3.11-slim-bookworm AS build
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_EXTRA_INDEX_URL=$PIP_EXTRA_INDEX_URL
RUN python -m venv /opt/tanya
WORKDIR /src
# First and alone, as in the Makefile; it is the largest layer and changes least.
COPY constraints.txt ./
RUN /opt/tanya/bin/pip install --constraint constraints.txt torch
COPY . ./
RUN /opt/tanya/bin/pip install --constraint constraints.txt '.[serve]'

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home tanya && install --directory --owner tanya --group tanya /data
COPY --from=build /opt/tanya /opt/tanya
ENV PATH=/opt/tanya/bin:$PATH PYTHONUNBUFFERED=1 TANYA_INDEX=/data/index TANYA_KEYS=/data/keys.json
USER tanya
WORKDIR /data
VOLUME /data
EXPOSE 8000
# A minute to start: the first opening of a large index on a cold disk.
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/v1/health', timeout=5)"]
CMD ["tanya", "serve", "--host", "0.0.0.0"]
