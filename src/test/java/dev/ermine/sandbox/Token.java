package dev.ermine.sandbox;

import dev.ermine.testing.Asker;

/**
 * The command that mints the demo doctor's next token, as a header line that {@code curl -H @file}
 * reads: a token has no business on a command line.
 */
public final class Token {

  private Token() {}

  /** Prints it. */
  public static void main(String[] args) {
    if (args.length > 0) {
      System.err.println("usage: ./ermine token");
      System.exit(2);
    }
    Asker doctor = Asker.of(DevPki.in(Demo.KEYS), "hwe", Demo.GATEWAY).with("patient", Demo.ada());
    System.out.println("Authorization: Bearer " + doctor.token());
  }
}
