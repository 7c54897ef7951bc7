package dev.ermine.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process: it exits 3 when it could not run, so that scripts can tell that from a finding. */
@QuarkusMain
public final class Main {

  private static final int COULD_NOT_RUN = 3;

  private Main() {}

  public static void main(String... arguments) {
    Quarkus.run(
        null, (exit, failure) -> System.exit(failure == null ? exit : COULD_NOT_RUN), arguments);
  }
}
