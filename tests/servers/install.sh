#!/usr/bin/env bash
# Installs the missing servers that tests use: programs as Debian packages, Kafka's jars through Maven into
# .servers/kafka.
set -euo pipefail
cd "$(dirname "$0")"

packages=()
need() { command -v "$1" >/dev/null || packages+=("${@:2}"); }
need promtool prometheus
need amtool prometheus-alertmanager
need chromium chromium fonts-noto-cjk
need java openjdk-17-jre-headless
need mvn maven
if ((${#packages[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

servers=$(realpath ../..)/.servers
mkdir -p "$servers"
fresh=$(mktemp -d -p "$servers")
trap 'rm -rf "$fresh"' EXIT

if ! cmp -s kafka-pom.xml "$servers/kafka/pom.xml"; then
    mvn --batch-mode --quiet -Dstyle.color=never --file kafka-pom.xml dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$fresh/kafka"
    cp kafka-pom.xml "$fresh/kafka/pom.xml"
    rm -rf "$servers/kafka" "$servers/kafka.jsa"
    mv "$fresh/kafka" "$servers/kafka"
fi

# An archive of a broker's loaded classes, with which later brokers start in half the time.
if [[ ! -e $servers/kafka.jsa ]]; then
    cat >"$fresh/server.properties" <<END
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:19093
log.dirs=$fresh/data
END
    kafka=(java -XX:+UseSerialGC -cp "$(printf '%s\n' "$servers"/kafka/*.jar | LC_ALL=C sort | paste -sd:)")
    "${kafka[@]}" kafka.tools.StorageTool format --cluster-id tidemark-class-archive \
        --config "$fresh/server.properties" >"$fresh/log" 2>&1
    "${kafka[@]}" -XX:ArchiveClassesAtExit="$fresh/kafka.jsa" kafka.Kafka "$fresh/server.properties" \
        >>"$fresh/log" 2>&1 &
    for ((tried = 0; tried < 600; tried++)); do
        if grep -q 'Kafka Server started' "$fresh/log" || ! kill -0 $! 2>/dev/null; then break; fi
        sleep 0.1
    done
    kill $! || true
    wait $! || true
    mv "$fresh/kafka.jsa" "$servers/kafka.jsa" || tail -n 5 "$fresh/log" # brokers start without it as well
fi
