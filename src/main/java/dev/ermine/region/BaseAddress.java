package dev.ermine.region;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules for an address that the gateway may call: an https base that says one thing, and never
 * the machine's own network neighbourhood, where clouds keep their credentials.
 *
 * @see <a
 *     href="https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html">OWASP:
 *     server-side request forgery</a>
 */
final class BaseAddress {

  private BaseAddress() {}

  /** What is wrong with the address, if anything; it is not quoted, for it may hold a password. */
  static Optional<String> fault(String text) {
    try {
      URI uri = new URI(text);
      return shape(text, uri).or(() -> host(uri.getHost()));
    } catch (URISyntaxException e) {
      return Optional.of("is no address; write one such as `https://record.example.nhs.uk/fhir`");
    }
  }

  /** The same for a responder whose answers are signed, so that plain http will do. */
  static Optional<String> faultOfResponder(String text) {
    return fault(text.startsWith("http://") ? "https" + text.substring("http".length()) : text);
  }

  private static Optional<String> shape(String text, URI uri) {
    if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
      return Optional.of("must be a whole https address: `https://record.example.nhs.uk/fhir`");
    } else if (uri.getRawUserInfo() != null) {
      return Optional.of("must not carry a user name or password; take out what is before `@`");
    } else if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return Optional.of("must not have a query or fragment; take out what begins with `?` or `#`");
    } else if (text.endsWith("/")) {
      return Optional.of("must not end with `/`");
    } else if (!uri.normalize().equals(uri) || text.indexOf("//", 8) > 0 || text.contains("%")) {
      return Optional.of("must have a plain path, without `//`, `.`, `..` or `%`");
    } else if (!uri.getHost().equals(uri.getHost().toLowerCase(Locale.ROOT))) {
      return Optional.of("must have its host in lower case");
    } else if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return Optional.of("has a port that does not exist");
    }
    return Optional.empty();
  }

  private static Optional<String> host(String host) {
    if (host.endsWith(".")) {
      return Optional.of("must have a host without a dot at its end");
    }
    return literal(host) && !reachable(host)
        ? Optional.of("must not name an address of the local link or of cloud metadata")
        : Optional.empty();
  }

  /** Whether resolvers would read the host as a number rather than look up a name. */
  private static boolean literal(String host) {
    return host.startsWith("[") || Character.isDigit(host.charAt(host.lastIndexOf('.') + 1));
  }

  private static boolean reachable(String literal) {
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      return !address.isLinkLocalAddress()
          && !address.isAnyLocalAddress()
          && !address.isMulticastAddress()
          && !address.equals(InetAddress.ofLiteral("fd00:ec2::254"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
