package dev.ermine.app;

import dev.ermine.app.command.TrustCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The process: the gateway, or with {@code trust} a command that starts none. When it cannot run it
 * says why and exits 3, so that scripts can tell.
 */
@QuarkusMain
public final class Main {

  private static final int COULD_NOT_RUN = 3;

  private Main() {}

  public static void main(String... arguments) {
    if (arguments.length > 0 && arguments[0].equals("trust")) {
      System.exit(TrustCommand.run(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }
    JsonLines.begin();
    Quarkus.run(null, Main::exit, arguments);
  }

  private static void exit(int code, @Nullable Throwable failure) {
    if (failure != null) {
      System.err.println(cause(failure).getMessage());
    }
    System.exit(failure == null ? code : COULD_NOT_RUN);
  }

  /** What lies beneath: only that says which property to mend. */
  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
