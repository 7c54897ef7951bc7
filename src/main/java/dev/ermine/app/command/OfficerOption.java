package dev.ermine.app.command;

import dev.ermine.trust.Signatory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option that says which officer is at the desk. */
final class OfficerOption {

  private OfficerOption() {}

  /** A wrong use, unless the id can be an officer's. */
  static void check(String id, @Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli makes the command");
    }
    if (!Signatory.isId(id)) {
      throw new ParameterException(
          spec.commandLine(),
          "--officer: write lower-case words joined by hyphens, such as `alice`");
    }
  }
}
