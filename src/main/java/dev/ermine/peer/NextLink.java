package dev.ermine.peer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@code next} link, followed only where the region's own base goes on: a peer must not send us
 * elsewhere.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#paging">FHIR R4: paging</a>
 */
final class NextLink {

  private static final int LONGEST = 4096;

  /** Dots, slashes and percents that a server might decode after we have looked. */
  private static final List<String> HIDDEN = List.of("%2e", "%2f", "%5c", "%25", "%00");

  private NextLink() {}

  /** Where {@code next}, seen on the page at {@code from}, leads; empty when not below the base. */
  static Optional<URI> resolve(URI base, URI from, String next) {
    if (next.isEmpty() || next.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      URI target = absolute(from, next).normalize();
      return isBelow(base, target) ? Optional.of(target) : Optional.empty();
    } catch (URISyntaxException notAnAddress) {
      return Optional.empty();
    }
  }

  /** {@link URI#resolve(URI)} loses the last step of the path before a query alone. */
  private static URI absolute(URI from, String next) throws URISyntaxException {
    URI relative = new URI(next);
    return next.startsWith("?")
        ? new URI(from.getScheme() + "://" + from.getRawAuthority() + from.getRawPath() + next)
        : from.resolve(relative);
  }

  private static boolean isBelow(URI base, URI target) {
    return "https".equalsIgnoreCase(target.getScheme())
        && target.getRawUserInfo() == null
        && target.getRawFragment() == null
        && target.getHost() != null
        && target.getHost().equalsIgnoreCase(base.getHost())
        && port(target) == port(base)
        && isPathBelow(base.getRawPath(), target.getRawPath());
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 443 : uri.getPort();
  }

  private static boolean isPathBelow(String base, String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    boolean plain = HIDDEN.stream().noneMatch(lower::contains);
    boolean climbs = List.of(path.split("/", -1)).contains("..");
    return plain && !climbs && (path.equals(base) || path.startsWith(base + "/"));
  }
}
