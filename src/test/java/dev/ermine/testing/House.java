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
      house.doctor().search("Patient", Stories.UNKNOWN);
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

  private static String roomy(String regions) {
    return regions
        .replace("deadline: 3s", "deadline: 12s")
        .replace("budget: 1500ms", "budget: 8s")
        .replace("budget: 1200ms", "budget: 2500ms");
  }
}
