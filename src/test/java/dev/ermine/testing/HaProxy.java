package dev.ermine.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * HAProxy before several gateways, as a platform's balancer: it hands connections on and sees
 * nothing in them, to the gateways whose readiness answers 200.
 */
public final class HaProxy implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final URI told;
  private final HttpClient http = HttpClient.newHttpClient();

  private HaProxy(Process process, URI told) {
    this.process = process;
    this.told = told;
  }

  /** A gateway that it hands connections to. */
  public record Behind(String name, int port, int managementPort) {}

  /** Starts it on {@code port}, with its files in {@code directory}. */
  public static HaProxy start(int port, Path directory, List<Behind> gateways) throws IOException {
    String servers =
        gateways.stream()
            .map(
                each ->
                    "  server %s 127.0.0.1:%d check port %d"
                        .formatted(each.name(), each.port(), each.managementPort()))
            .collect(Collectors.joining("\n"));
    int toldAt = Ports.free();
    Path settings =
        Files.writeString(directory.resolve("haproxy.cfg"), settings(port, servers, toldAt));
    Process process =
        new ProcessBuilder(executable(), "-db", "-f", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("haproxy.log").toFile())
            .start();
    return new HaProxy(process, URI.create("http://127.0.0.1:" + toldAt + "/;csv"));
  }

  private static String settings(int port, String servers, int toldAt) {
    return """
    global
      maxconn 500
    defaults
      timeout connect 2s
      timeout client 60s
      timeout server 60s
      timeout check 5s
    listen gateways
      mode tcp
      bind 127.0.0.1:%d
      balance roundrobin
      retries 3
      option redispatch 1
      option httpchk GET /q/health/ready
      http-check expect status 200
      default-server check inter 200ms fall 1 rise 1
    %s
    listen told
      mode http
      bind 127.0.0.1:%d
      stats enable
      stats uri /
    """
        .formatted(port, servers, toldAt);
  }

  /** Where it is installed. */
  public static String executable() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseThrow(
            () ->
                new AssertionError(
                    "no HAProxy here. Install it: your system's package `haproxy`, or"
                        + " https://www.haproxy.org."));
  }

  /** Waits until it takes this gateway for ready. */
  public void awaitUp(Behind gateway) {
    Instant end = Instant.now().plus(PATIENCE);
    try {
      while (!isUp(gateway)) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          throw new AssertionError("HAProxy does not take " + gateway.name() + " for ready");
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for HAProxy", e);
    }
  }

  private boolean isUp(Behind gateway) throws InterruptedException {
    try {
      String csv = http.send(HttpRequest.newBuilder(told).build(), BodyHandlers.ofString()).body();
      return csv.lines()
          .map(line -> line.split(",", -1))
          .filter(fields -> fields[0].equals("gateways") && fields[1].equals(gateway.name()))
          .anyMatch(fields -> fields[17].equals("UP") && fields[36].startsWith("L7OK"));
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
