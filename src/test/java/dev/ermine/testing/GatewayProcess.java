package dev.ermine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The packaged gateway as a process of its own, as it runs in production but with keys of
 * development. It ends when it is closed, and also when the process that started it dies.
 *
 * <p>What runs is {@link Launch#usual}, where nothing else is said.
 */
public final class GatewayProcess implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path REGIONS = Path.of("regions.yaml");
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(90); // one that learns writes its cache

  private final DevPki pki;
  private final URI base;
  private final URI management;
  private final Path directory;
  private final Process process;
  private final Process watch;
  private final AtomicBoolean closed = new AtomicBoolean();

  private GatewayProcess(DevPki pki, URI base, URI management, Path directory, Process process)
      throws IOException {
    this.pki = pki;
    this.base = base;
    this.management = management;
    this.directory = directory;
    this.process = process;
    this.watch = watch(process);
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-gateway"));
  }

  /** Starts it before {@code sandbox}, on free ports, with its files in {@code directory}. */
  public static GatewayProcess start(DevPki pki, Sandbox sandbox, Path directory) {
    return start(pki, sandbox, directory, Map.of());
  }

  /** The same, with {@code properties} on top of the usual ones. */
  public static GatewayProcess start(
      DevPki pki, Sandbox sandbox, Path directory, Map<String, String> properties) {
    try {
      return start(pki, regions(sandbox), directory, properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it on free ports with the text of a {@code regions.yaml}. */
  public static GatewayProcess start(
      DevPki pki, String regions, Path directory, Map<String, String> properties) {
    return start(pki, regions, directory, Launch.usual(), properties);
  }

  /** The same in a JVM with options of its own: {@code -Xmx256m}. */
  public static GatewayProcess start(DevPki pki, String regions, Path directory, List<String> jvm) {
    return start(pki, regions, directory, Launch.usual().with(jvm), Map.of());
  }

  /** The same, called in a way of its own. */
  public static GatewayProcess start(
      DevPki pki, String regions, Path directory, Launch launch, Map<String, String> properties) {
    return start(pki, regions, directory, Ports.free(), Ports.free(), launch, properties);
  }

  /** Starts it on the given ports, and waits until it answers. */
  public static GatewayProcess start(
      DevPki pki,
      String regions,
      Path directory,
      int port,
      int managementPort,
      Map<String, String> properties) {
    return start(pki, regions, directory, port, managementPort, Launch.usual(), properties);
  }

  /** The same in a JVM with options of its own. */
  public static GatewayProcess start(
      DevPki pki,
      String regions,
      Path directory,
      int port,
      int managementPort,
      Launch launch,
      Map<String, String> properties) {
    try {
      Files.writeString(directory.resolve("regions.yaml"), regions);
      var base = URI.create("https://localhost:" + port);
      var settings = settings(pki, base, directory, managementPort);
      settings.putAll(properties);
      Process process =
          new ProcessBuilder(launch.command(settings))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("gateway.log").toFile())
              .start();
      var management = URI.create("http://localhost:" + managementPort);
      var gateway = new GatewayProcess(pki, base, management, directory, process);
      gateway.awaitReady();
      return gateway;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of the top-level {@code regions.yaml}, with the ports of {@code sandbox}. */
  public static String regions(Sandbox sandbox) throws IOException {
    String text = Files.readString(REGIONS);
    for (PeerRegion region : PeerRegion.values()) {
      text = text.replace("localhost:" + region.usualPort(), "localhost:" + sandbox.port(region));
    }
    return text;
  }

  /** Its base URL: FHIR is below it. */
  public URI base() {
    return base;
  }

  /** The base URL of its management: health is below it. */
  public URI management() {
    return management;
  }

  /** Its copy of {@code regions.yaml}: an officer's edits go there. */
  public Path regions() {
    return directory.resolve("regions.yaml");
  }

  /** Its audit file. */
  public Path audit() {
    return directory.resolve("gateway.audit.ndjson");
  }

  /** The AuditEvents of the request that was answered so, in order. */
  public List<JsonNode> auditOf(HttpResponse<?> response) {
    return auditOf(response.headers().firstValue("X-Request-Id").orElseThrow());
  }

  /** The AuditEvents of the request with that id, in order. */
  public List<JsonNode> auditOf(String id) {
    return Audited.in(audit()).eventsOf(id);
  }

  /** What it has printed so far. */
  public String output() {
    try {
      return Files.readString(directory.resolve("gateway.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its log: all that it has printed, line by line, as the JSON that each is. */
  public List<JsonNode> log() {
    return output().lines().map(GatewayProcess::json).toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a line of the log is not JSON: " + line, e);
    }
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** An asker of {@code region} with its client certificate. */
  public Asker asker(String region) {
    return Asker.of(pki, region, base);
  }

  /**
   * Asks it to stop, waits until it has, and looks at all that it has told, which must hold no
   * {@linkplain Canaries canary}. At the end of this JVM it stops by itself.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<String> found = new ArrayList<>();
    try {
      if (process.isAlive()) {
        found.addAll(Canaries.in("/q/metrics", told("/q/metrics")));
        found.addAll(Canaries.in("/q/health", told("/q/health")));
      }
    } finally {
      stop();
    }
    found.addAll(Canaries.in("gateway.log", output()));
    assertThat(found).as("what nobody may read").isEmpty();
  }

  /** What its management says at {@code path}: {@code /q/metrics}. */
  public String told(String path) {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(management + path)).timeout(STOP).build();
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the gateway was closed", e);
    }
  }

  private void stop() {
    watch.destroyForcibly();
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the gateway did not stop within " + STOP);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> settings(
      DevPki pki, URI base, Path directory, int managementPort) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("quarkus.profile", "sandbox");
    settings.put("ermine.base-url", base.toString());
    settings.put("ermine.regions", directory.resolve("regions.yaml").toString());
    settings.put("ermine.certs", pki.directory().toString());
    settings.put("ermine.audit.file", directory.resolve("gateway.audit.ndjson").toString());
    settings.put("ermine.drain-delay", "0s");
    settings.put("quarkus.http.host", "127.0.0.1");
    settings.put("quarkus.http.ssl-port", String.valueOf(base.getPort()));
    settings.put("quarkus.management.host", "127.0.0.1");
    settings.put("quarkus.management.port", String.valueOf(managementPort));
    return settings;
  }

  /** Waits for the end of its input, which comes when this JVM dies, however it dies. */
  private static Process watch(Process process) throws IOException {
    return new ProcessBuilder("sh", "-c", "read -r line; kill " + process.pid()).start();
  }

  private void awaitReady() throws IOException {
    Instant end = Instant.now().plus(START);
    try (var http = HttpClient.newBuilder().sslContext(pki.anonymousTls("gateway-ca")).build()) {
      while (!answers(http)) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          stop();
          throw new IOException("the gateway did not start:\n" + output());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the gateway was starting", e);
    }
  }

  private boolean answers(HttpClient http) throws InterruptedException {
    var metadata =
        HttpRequest.newBuilder(URI.create(base + "/fhir/metadata"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return http.send(metadata, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // not listening yet
    }
  }
}
