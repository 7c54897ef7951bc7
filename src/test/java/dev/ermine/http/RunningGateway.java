package dev.ermine.http;

import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged gateway in a process of its own, with one region that asks. */
final class RunningGateway implements AutoCloseable {

  static final String BASE = "https://localhost";
  private static final Pattern LISTENING =
      Pattern.compile("Listening on: https://[^:]+:(\\d+)\\. Management [^:]+://[^:]+:(\\d+)");
  private static final String REGIONS =
      """
      version: 1
      serial: 1
      gateway: { id: ermine-east, organisation: { ods: QM7, name: Hertfordshire and West Essex }, deadline: 3s }
      regions:
        hwe:
          name: HWE Care Record
          organisation: { ods: QM7, name: Hertfordshire and West Essex }
          status: active
          asks:
            issuer: https://hwe.example.nhs.uk
            algorithm: ES256
            keys: [ { jwks: hwe.jwks.json, use: active } ]
            certificates: [ { file: hwe-client.crt } ]
            timings: false
        london:
          name: London Care Record
          organisation: { ods: QMJ, name: North Central London }
          status: active
          answers:
            base: https://localhost:9/fhir
            documents: []
            anchors: [ london-ca.crt ]
            token: { audience: https://localhost:9/fhir, algorithm: ES256, use: query }
            lookup: two-step
            search: post
            read: true
            budget: 1500ms
            limits: { connections: 32, bytes: 8MB, entries: 2000, pages: 20, rate: 50/s }
            types: [Patient, AllergyIntolerance, Observation, Binary]
      agreements:
        - id: DSA-2021-LCR-HWE
          releases: london
          to: [hwe]
          purposes: [TREAT]
          roles: [R8000]
          types: [Patient, AllergyIntolerance, Observation, Binary]
          relationship: required
          valid: { from: 2021-12-01, until: 2099-11-30 }
      """;

  private final Process process;
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final Path directory;
  private final DevPki pki;
  private final int port;
  private final int managementPort;

  /** Starts the gateway in {@code directory}, with more properties than the usual ones. */
  RunningGateway(Path directory, String... properties) throws IOException {
    this.directory = directory;
    this.pki = DevPki.in(directory.resolve("certs"));
    Files.writeString(directory.resolve("regions.yaml"), REGIONS);
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("-Dquarkus.profile=sandbox");
    all.add("-Dermine.base-url=" + BASE);
    this.process = start(directory, all.toArray(String[]::new));
    Matcher listening = listening();
    this.port = Integer.parseInt(listening.group(1));
    this.managementPort = Integer.parseInt(listening.group(2));
  }

  /** The jar's process, with ports of its own. */
  static Process start(Path directory, String... properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dquarkus.http.ssl-port=0");
    command.add("-Dquarkus.management.port=0");
    command.add("-Dquarkus.http.host=127.0.0.1");
    command.add("-Dquarkus.management.host=127.0.0.1");
    command.addAll(List.of(properties));
    command.add("-jar");
    command.add(Path.of(System.getProperty("ermine.jar")).toAbsolutePath().toString());
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private Matcher listening() {
    CompletableFuture<Matcher> found = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  log.add(line);
                  Matcher matcher = LISTENING.matcher(line);
                  if (matcher.find()) {
                    found.complete(matcher);
                  }
                }
                found.completeExceptionally(new AssertionError("ended: " + log));
              } catch (IOException e) {
                found.completeExceptionally(e);
              }
            });
    return found.orTimeout(60, TimeUnit.SECONDS).join();
  }

  int port() {
    return port;
  }

  int managementPort() {
    return managementPort;
  }

  DevPki pki() {
    return pki;
  }

  /** What it has said so far. */
  List<String> log() {
    return List.copyOf(log);
  }

  String audit() {
    try {
      return Files.readString(directory.resolve("ermine.audit.ndjson"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fresh token of the region that asks. */
  String token() {
    return TestTokens.token(
            "https://hwe.example.nhs.uk",
            BASE + "/fhir",
            pki.certificate("hwe-client"),
            Instant.now())
        .sign(pki.signingKey("hwe", JWSAlgorithm.ES256));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
