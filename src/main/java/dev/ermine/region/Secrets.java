package dev.ermine.region;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Private keys that were pasted where only public ones belong.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-10">RFC 7468: PEM private keys</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-6">RFC 7518: private members of a
 *     JWK</a>
 */
final class Secrets {

  /** What is told of each, whatever else is wrong. */
  static final String FAULT =
      "holds a private key; take it out, and replace that key: it is secret no longer";

  /** The members of a JWK that no public key has. */
  static final List<String> MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private static final Pattern KEY =
      Pattern.compile(
          "BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY"
              + "|(?<![A-Za-z0-9_.-])(?:"
              + String.join("|", MEMBERS)
              + ")[\"']?\\s{0,99}:\\s{0,99}[\"']?[A-Za-z0-9_-]{16}");

  private Secrets() {}

  /** The lines in which a private key begins. */
  static List<Integer> lines(String text) {
    return KEY.matcher(text).results().map(key -> RegionsFile.line(text, key.start())).toList();
  }
}
