package dev.ermine.testing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Two packaged gateways, each with keys of its own: East, which Herts and West Essex asks, and
 * North behind it with the regions of the sandbox. Each knows the other as a gateway.
 *
 * @param eastKeys East's, with what it must know of North
 * @param northKeys North's and the regions', with what North must know of East
 */
public record Chain(
    DevPki eastKeys, DevPki northKeys, Sandbox sandbox, GatewayProcess east, GatewayProcess north)
    implements AutoCloseable {

  /** Starts it with its files below {@code directory}. */
  public static Chain start(Path directory) {
    DevPki eastKeys = DevPki.in(directory.resolve("east-certs"));
    DevPki northKeys = DevPki.in(directory.resolve("north-certs"));
    introduce(northKeys, "north", eastKeys);
    introduce(eastKeys, "east", northKeys);
    Sandbox sandbox = Sandbox.start(northKeys, "ermine-north");
    try {
      URI east = URI.create("https://localhost:" + Ports.free());
      GatewayProcess north =
          GatewayProcess.start(
              northKeys, north(sandbox, east), made(directory.resolve("north")), Map.of());
      return new Chain(
          eastKeys,
          northKeys,
          sandbox,
          GatewayProcess.start(
              eastKeys,
              east(north.base()),
              made(directory.resolve("east")),
              east.getPort(),
              Ports.free(),
              Map.of()),
          north);
    } catch (IOException e) {
      sandbox.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /** Gives to one side what is public of the other. */
  private static void introduce(DevPki gateway, String name, DevPki to) {
    try {
      Files.copy(gateway.file("gateway-ca.crt"), to.file(name + "-ca.crt"));
      Files.copy(gateway.file("gateway-client.crt"), to.file(name + "-client.crt"));
      JWK key = gateway.signingKey("gateway", JWSAlgorithm.ES256).toPublicJWK();
      Files.writeString(to.file(name + ".jwks.json"), new JWKSet(key).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path made(Path directory) throws IOException {
    return Files.createDirectories(directory);
  }

  /** North has time enough, and its regions too: only East is in a hurry. Wessex tells nothing. */
  private static String north(Sandbox sandbox, URI east) throws IOException {
    String usual =
        GatewayProcess.regions(sandbox)
            .replace("id: ermine-east", "id: ermine-north")
            .replace("deadline: 3s", "deadline: 20s")
            .replace("budget: 1500ms", "connect: 19s\n      budget: 19s")
            .replace("budget: 1200ms", "budget: 19s")
            .replace("releases: wessex\n    to: [hwe]", "releases: wessex\n    to: [london]");
    int end = usual.indexOf("denials:\n");
    return usual.substring(0, end)
        + gateway("east", east, "[hwe]")
        + usual
            .substring(end)
            .replace("agreements:\n", "agreements:\n" + agreement("east", "R8000"));
  }

  private static String east(URI north) {
    return """
    version: 1
    serial: 1
    gateway:
      id: ermine-east
      organisation: { ods: QM7, name: Hertfordshire and West Essex }
      deadline: 12s
    regions:
      hwe:
        name: Herts and West Essex Shared Care Record
        organisation: { ods: QM7, name: Hertfordshire and West Essex }
        status: active
        asks:
          issuer: https://hwe.example.nhs.uk
          algorithm: ES256
          keys: [{ jwks: hwe.jwks.json, use: active }]
          certificates: [{ file: hwe-client.crt }]
    """
        + gateway("north", north, "[hwe]")
        + "agreements:\n"
        + agreement("north", "R8000, R1690");
  }

  /** A region that is a gateway: it hands on questions, and is asked to hand on ours. */
  private static String gateway(String id, URI base, String forwards) {
    return """
      %1$s:
        name: Gateway %1$s
        organisation: { ods: QF7, name: Gateway %1$s }
        status: active
        asks:
          issuer: %2$s
          algorithm: ES256
          keys: [{ jwks: %1$s.jwks.json, use: active }]
          certificates: [{ file: %1$s-client.crt }]
          forwards: %3$s
        answers:
          base: %2$s/fhir
          documents: [%2$s/regions]
          gateway: ermine-%1$s
          anchors: [%1$s-ca.crt]
          token: { audience: %2$s/fhir, algorithm: ES256, use: request }
          lookup: chained
          read: false
          budget: 5s
          types: [Patient, AllergyIntolerance, MedicationRequest, MedicationStatement, Medication,
            Condition, Observation, DocumentReference]
    """
        .formatted(id, base, forwards);
  }

  private static String agreement(String releases, String roles) {
    return """
      - id: DSA-%1$s-HWE
        releases: %1$s
        to: [hwe]
        purposes: [TREAT]
        roles: [%2$s]
        types: [Patient, AllergyIntolerance, MedicationRequest, MedicationStatement, Medication,
          Condition, Observation, DocumentReference]
        ceiling: { unlabelled-documents: permit }
        relationship: required
        valid: { from: 2021-12-01, until: 2099-11-30 }
    """
        .formatted(releases, roles);
  }

  /** A doctor of Herts and West Essex before East. */
  public Asker doctor() {
    return east.asker("hwe");
  }

  @Override
  public void close() {
    try (sandbox;
        north) {
      east.close();
    }
  }
}
