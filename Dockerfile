# Two stages: the first installs, compiles and collects; the second only runs.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv --without-pip /venv
COPY requirements.txt .
RUN pip --python /venv/bin/python install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# collectstatic asks for settings, not for secrets: these serve this one command and are in no layer's environment.
RUN /venv/bin/python -m config.translations compile \
 && SECRET_KEY="$(head -c 60 /dev/urandom | base64 -w 0)" \
    ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://registry_app:none@build.invalid/registry \
    EMAIL_URL=smtp://build.invalid:25 \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --system --no-create-home --home-dir /nonexistent --uid 10001 registry \
 && install --directory --owner=registry --mode=0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER registry
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", \
     "--threads", "8", "--no-control-socket", "--access-logfile", "-"]
