package dev.ermine.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The packaged gateway in a process of its own, with one region that asks. */
final class RunningGateway implements AutoCloseable {

  static final String BASE = "https://localhost";
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

  private final DevPki pki;
  private final GatewayProcess process;

  /** Starts the gateway in {@code directory}. */
  RunningGateway(Path directory) {
    this(directory, Map.of());
  }

  /** The same with more properties than the usual ones. */
  RunningGateway(Path directory, Map<String, String> more) {
    Map<String, String> properties = new LinkedHashMap<>(more);
    properties.put("ermine.base-url", BASE);
    this.pki = DevPki.in(directory.resolve("certs"));
    this.process = GatewayProcess.start(pki, REGIONS, directory, properties);
  }

  int port() {
    return process.base().getPort();
  }

  int managementPort() {
    return process.management().getPort();
  }

  DevPki pki() {
    return pki;
  }

  String audit() {
    try {
      return Files.readString(process.audit());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The AuditEvents of the request that was answered so. */
  List<JsonNode> auditOf(HttpResponse<?> response) {
    return process.auditOf(response);
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
    process.close();
  }
}
