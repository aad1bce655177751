FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/deskbell
COPY requirements/app.txt requirements/app.txt
RUN /opt/deskbell/bin/pip install --no-cache-dir --require-hashes -r requirements/app.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN /opt/deskbell/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data deskbell && install -d -o deskbell /data
COPY --from=build /opt/deskbell /opt/deskbell
ENV PATH=/opt/deskbell/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DESKBELL_HOST=0.0.0.0 \
    DESKBELL_DATABASE_URL=sqlite:////data/deskbell.db
USER deskbell
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["deskbell", "serve"]
