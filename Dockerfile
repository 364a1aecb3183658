FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels ".[submit]"

FROM python:3.13-slim
# The wheels of the first stage decide the versions.
# hadolint ignore=DL3013
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --find-links /wheels "consentlint[submit]" \
    && useradd --create-home --uid 1000 consentlint
USER 1000
WORKDIR /data
ENTRYPOINT ["consentlint"]
CMD ["--help"]
