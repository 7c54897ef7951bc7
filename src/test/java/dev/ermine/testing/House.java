package dev.ermine.testing;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The sandbox and the packaged gateway before it, warmed up. Budgets leave a slow machine room;
 * Wessex's still ends before Wessex answers about {@link Stories#ADA_OKAFOR}.
 */
public final class House implements AutoCloseable {

  private static final int MOST_ROUNDS = 6;

  private final DevPki pki;
  private final Sandbox sandbox;
  private final GatewayProcess gateway;

  private House(DevPki pki, Sandbox sandbox, GatewayProcess gateway) {
    this.pki = pki;
    this.sandbox = sandbox;
    this.gateway = gateway;
  }

  /** Opens it, with its files in {@code directory}. */
  public static House open(Path directory) {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    Sandbox sandbox = Sandbox.start(pki);
    try {
      var gateway =
          GatewayProcess.start(pki, roomy(GatewayProcess.regions(sandbox)), directory, Map.of());
      var house = new House(pki, sandbox, gateway);
      house.warmUp();
      return house;
    } catch (IOException e) {
      sandbox.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  public DevPki pki() {
    return pki;
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public GatewayProcess gateway() {
    return gateway;
  }

  /** The A&amp;E doctor of Herts and West Essex. */
  public Asker doctor() {
    return gateway.asker("hwe");
  }

  @Override
  public void close() {
    try (sandbox) {
      gateway.close();
    }
  }

  /**
   * A gateway that has just started is slower than regions may be: it practises on somebody else.
   */
  private void warmUp() {
    var form =
        Map.of(
            "_type",
            "Patient,AllergyIntolerance,Condition,MedicationRequest,Observation,Encounter",
            "patient.identifier",
            Asker.NHS_NUMBER + Stories.OTHER_SUBJECT);
    boolean heard = false;
    for (int round = 0; round < MOST_ROUNDS && !heard; round++) {
      Answer answer = Answer.of(200, doctor().search("/fhir/_search", form));
      heard = answer.statuses().values().stream().noneMatch(told -> told.contains("timed-out"));
    }
  }

  private static String roomy(String regions) {
    return regions
        .replace("deadline: 3s", "deadline: 12s")
        .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
        .replace("budget: 1200ms", "budget: 2500ms");
  }
}
