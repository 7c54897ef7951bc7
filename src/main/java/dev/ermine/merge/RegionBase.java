package dev.ermine.merge;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.ResourceId;
import dev.ermine.merge.document.DocumentLink;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A region's FHIR base as the peer has it, and as the gateway shows it.
 *
 * <p>A URL lies under a base when scheme, host and port are the same, and its path goes on from the
 * base's at a path boundary, without dot segments.
 *
 * @see <a href="https://hl7.org/fhir/R4/bundle.html#references">FHIR R4: resolving references in
 *     Bundles</a>
 */
final class RegionBase {

  private final RegionId region;
  private final Place peer;
  private final List<Place> documents;
  private final Place gateway;
  private final String shown;
  private final Addresses addresses;

  /** The URLs re-based so far: of those in a record, most are of one patient and few clinicians. */
  private final Map<String, Optional<String>> rebased = new HashMap<>();

  /** What URLs may lie under. */
  private record Place(String url, String origin, String path) {

    static Place of(URI base) {
      return new Place(
          base.toString(),
          RegionBase.origin(base.getScheme() + "://" + base.getRawAuthority()),
          base.getRawPath() == null ? "" : base.getRawPath());
    }
  }

  /**
   * @param gateway the gateway's base URL, without trailing slash
   */
  RegionBase(Region region, String gateway) {
    Region.Answers answers = region.answers().orElseThrow();
    this.region = region.id();
    this.peer = Place.of(answers.base());
    this.documents = answers.documents().stream().map(Place::of).toList();
    this.gateway = Place.of(URI.create(gateway));
    this.shown = gateway + "/regions/" + region.id() + "/fhir";
    this.addresses = new Addresses(peer.url());
  }

  /** Whose it is. */
  RegionId region() {
    return region;
  }

  /** The address of a resource of this region at the gateway. */
  String show(String type, String id) {
    return shown + "/" + type + "/" + id;
  }

  /** A URL under the peer's base, re-based; empty when it lies elsewhere. */
  Optional<String> rebase(String url) {
    return rebased.computeIfAbsent(url, one -> beyond(peer, one).map(rest -> shown + rest));
  }

  /**
   * What is left of an address at the gateway after the base; all of it where it lies elsewhere.
   */
  String name(String address) {
    return isWithin(address) ? address.substring(shown.length() + 1) : address;
  }

  /** Whether an address, as the gateway shows it, is one of this region's own. */
  boolean isWithin(String address) {
    return address.startsWith(shown + "/");
  }

  /** Whether a document is where the region's entry lists a base of its documents. */
  boolean listsDocument(String url) {
    return documents.stream().anyMatch(base -> beyond(base, url).isPresent());
  }

  /**
   * The address at the gateway by which a document is read that an entry has this URL of; empty
   * where the URL is left as it is. A Binary is read by its id, and any other by its URL.
   */
  Optional<String> showDocument(Entry entry, String url) {
    String absolute = addresses.absolute(entry, url);
    Optional<String> rebased = rebase(url);
    return isBinary(rebase(absolute))
        ? rebased
        : document(absolute)
            .flatMap(any -> DocumentLink.segment(absolute))
            .map(segment -> gateway.url() + "/regions/" + region + "/documents/" + segment)
            .or(() -> rebased);
  }

  private boolean isBinary(Optional<String> address) {
    String binaries = show("Binary", "");
    return address
        .filter(it -> it.startsWith(binaries))
        .filter(it -> ResourceId.isValid(it.substring(binaries.length())))
        .isPresent();
  }

  /** A document's URL as it is asked for; empty where the region's entry lists no base of it. */
  Optional<URI> document(String url) {
    return DocumentLink.uri(url)
        .filter(uri -> uri.getRawUserInfo() == null && uri.getRawFragment() == null)
        .filter(uri -> beyond(peer, uri.toString()).isPresent() || listsDocument(uri.toString()));
  }

  /**
   * What is the same for all URLs that may be of one document: whatever its spelling, its version
   * and the place inside it, and of a Binary its query.
   */
  String place(String url) {
    String normal = DocumentLink.normal(url);
    int fragment = normal.indexOf('#');
    String whole = fragment < 0 ? normal : normal.substring(0, fragment);
    int path = Math.max(0, pathStart(whole));
    String place =
        Addresses.withoutVersion(origin(whole.substring(0, path)) + whole.substring(path));
    int query = place.indexOf('?');
    return query >= 0 && isBinary(rebase(place.substring(0, query)))
        ? place.substring(0, query)
        : place;
  }

  /** Whether a URL claims to be the gateway's own. */
  boolean claimsGateway(String url) {
    return beyond(gateway, url).isPresent();
  }

  /** Where the region's entries stand, and where their references lead, as the region has it. */
  Addresses addresses() {
    return addresses;
  }

  /** Where a literal reference in an entry leads, as the gateway shows it. */
  String address(Entry entry, String reference) {
    String address = addresses.of(entry, reference);
    return rebase(address).orElse(address);
  }

  /** An absolute address for a reference that is relative to the peer's base. */
  String own(String relative) {
    return peer.url() + "/" + relative;
  }

  /**
   * What is left of {@code url} after {@code base}: empty text, or text that starts with a slash, a
   * question mark or a hash.
   */
  private static Optional<String> beyond(Place base, String url) {
    int path = pathStart(url);
    if (path < 0
        || !origin(url.substring(0, path)).equals(base.origin())
        || !url.startsWith(base.path(), path)) {
      return Optional.empty();
    }
    String rest = url.substring(path + base.path().length());
    boolean boundary = rest.isEmpty() || "/?#".indexOf(rest.charAt(0)) >= 0;
    return boundary && !hasDotSegment(rest) ? Optional.of(rest) : Optional.empty();
  }

  /** Where the path starts in {@code scheme://authority/path}; -1 when it is no such URL. */
  private static int pathStart(String url) {
    int authority = url.indexOf("://");
    if (authority <= 0) {
      return -1;
    }
    for (int i = authority + 3; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return i;
      }
    }
    return url.length();
  }

  private static String origin(String schemeAndAuthority) {
    String lower = schemeAndAuthority.toLowerCase(Locale.ROOT);
    return lower.startsWith("https://") && lower.endsWith(":443")
        ? lower.substring(0, lower.length() - 4)
        : lower;
  }

  private static boolean hasDotSegment(String rest) {
    if (rest.indexOf('.') < 0 && rest.indexOf('%') < 0) {
      return false;
    }
    String lower =
        rest.toLowerCase(Locale.ROOT)
            .replace("%2e", ".")
            .replace("%2f", "/")
            .replace("%5c", "/")
            .replace('\\', '/');
    return (lower + "/").contains("/../") || (lower + "/").contains("/./");
  }
}
