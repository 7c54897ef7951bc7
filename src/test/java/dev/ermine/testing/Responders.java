package dev.ermine.testing;

import dev.ermine.trust.Revocations;
import java.io.IOException;
import java.time.InstantSource;

/** OCSP responders for tests. */
public final class Responders {

  private Responders() {}

  /** What is known where no responder is ever heard. */
  public static Revocations silent(InstantSource clock) {
    return new Revocations(
        clock,
        (responder, request) -> {
          throw new IOException("nobody is asked here");
        });
  }
}
