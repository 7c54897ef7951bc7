package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Mode;
import dev.ermine.fhir.PeerBody.PeerIssue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The strict reader of a peer's response: bytes in, a {@link PeerBody} out, with every resource
 * still the bytes that came. It makes no tree, looks at each byte once, and refuses what is not
 * plain JSON in UTF-8 or not a searchset, a resource or an outcome.
 *
 * <p>FHIR's JSON has no order of keys. A body that does not begin with its {@code resourceType} is
 * passed over once beforehand to find it; that is the only second look, the issues of outcomes
 * apart.
 *
 * @see <a href="https://hl7.org/fhir/R4/bundle.html#searchset">FHIR R4: searchset</a>
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 */
public final class BodyScanner {

  /** Issues of one body, at most: a region that has more to say of an answer has failed. */
  private static final int MOST_ISSUES = 1_000;

  private final JsonCursor json;
  private final Spellings names;
  private final ResourceScanner resources;
  private final int most;
  private final LongPredicate room;

  private final List<Entry> entries = new ArrayList<>();
  private final List<PeerIssue> warnings = new ArrayList<>();
  private @Nullable String next;
  private @Nullable String self;

  /** Its way out of a body that there is no room for. */
  private static final class NoRoom extends Exception {

    private static final long serialVersionUID = 1L;

    NoRoom() {
      super(null, null, false, false);
    }
  }

  private BodyScanner(byte[] body, int length, int most, LongPredicate room) {
    this.most = most;
    this.room = room;
    json = new JsonCursor(body, 0, length);
    names = new Spellings(body);
    resources = new ResourceScanner(json, names);
  }

  /**
   * Reads {@code body[0..length)}. Whatever these bytes are, the answer is a value. The array is
   * given away: the slices of the answer look into it.
   */
  public static PeerBody scan(byte[] body, int length) {
    return scan(body, length, Integer.MAX_VALUE, any -> true).orElseThrow();
  }

  /**
   * The same in so much memory: all of it is looked at as strictly.
   *
   * @param most entries that are kept, the first ones
   * @param room takes about as many bytes as what is kept of one entry needs, where there are so
   *     many
   * @return empty when there were not
   */
  public static Optional<PeerBody> scan(byte[] body, int length, int most, LongPredicate room) {
    Objects.checkFromIndexSize(0, length, body.length);
    try {
      BodyScanner scanner = new BodyScanner(body, length, most, room);
      return Optional.of(scanner.isBundle() ? scanner.searchset() : scanner.resource());
    } catch (Refused refused) {
      return Optional.of(new PeerBody.Unreadable(refused.why()));
    } catch (NoRoom none) {
      return Optional.empty();
    }
  }

  private boolean isBundle() throws Refused {
    json.openObject();
    while (json.nextMember()) {
      if (json.key() == Name.RESOURCE_TYPE) {
        boolean bundle = json.string().equals("Bundle");
        json.rewind();
        return bundle;
      }
      json.skip();
    }
    throw json.refused("a resource lacks its resourceType");
  }

  private PeerBody resource() throws Refused, NoRoom {
    ScannedResource resource = resources.read();
    json.finish();
    if (resource.isOutcome()) {
      return new PeerBody.Outcome(issues(resource));
    }
    take(resource.weight());
    return new PeerBody.Resource(resource.entry(Optional.empty(), Mode.MATCH));
  }

  private void take(long bytes) throws NoRoom {
    if (!room.test(bytes)) {
      throw new NoRoom();
    }
  }

  private PeerBody searchset() throws Refused, NoRoom {
    String type = "";
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case TYPE -> type = json.string();
        case LINK -> links();
        case ENTRY -> entries();
        default -> json.skip();
      }
    }
    json.finish();
    if (!type.equals("searchset")) {
      throw json.refused("a Bundle is not a searchset");
    }
    return new PeerBody.Searchset(
        entries, Optional.ofNullable(next), Optional.ofNullable(self), warnings);
  }

  private void links() throws Refused {
    json.openArray();
    while (json.nextItem()) {
      link();
    }
  }

  private void link() throws Refused {
    String relation = null;
    String url = null;
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case RELATION -> relation = json.string();
        case URL -> url = json.string();
        default -> json.skip();
      }
    }
    if (relation == null || url == null) {
      throw json.refused("a link lacks its relation or url");
    }
    switch (relation) {
      case "next" -> next = only(next, url);
      case "self" -> self = only(self, url);
      default -> {}
    }
  }

  private String only(@Nullable String said, String url) throws Refused {
    if (said != null) {
      throw json.refused("a Bundle has two links of one relation");
    }
    return url;
  }

  private void entries() throws Refused, NoRoom {
    json.openArray();
    while (json.nextItem()) {
      entry();
    }
  }

  private void entry() throws Refused, NoRoom {
    Optional<String> fullUrl = Optional.empty();
    ScannedResource resource = null;
    Mode mode = null;
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case FULL_URL -> fullUrl = Optional.of(json.string());
        case RESOURCE -> resource = resources.read();
        case SEARCH -> mode = mode();
        default -> json.skip();
      }
    }
    if (resource == null) {
      throw json.refused("an entry lacks its resource");
    }
    if (resource.isOutcome()) {
      warn(issues(resource));
    } else if (mode == Mode.OUTCOME) {
      throw json.refused("an entry of mode outcome holds no OperationOutcome");
    } else if (entries.size() < most) {
      take(resource.weight() + fullUrl.map(String::length).orElse(0));
      entries.add(resource.entry(fullUrl, mode == null ? Mode.MATCH : mode));
    }
  }

  private void warn(List<PeerIssue> issues) throws Refused {
    warnings.addAll(issues);
    if (warnings.size() > MOST_ISSUES) {
      throw json.refused("a searchset has more issues than an answer");
    }
  }

  private @Nullable Mode mode() throws Refused {
    Mode mode = null;
    json.openObject();
    while (json.nextMember()) {
      if (json.key() == Name.MODE) {
        mode =
            switch (json.string(names).orElseThrow()) {
              case "match" -> Mode.MATCH;
              case "include" -> Mode.INCLUDE;
              case "outcome" -> Mode.OUTCOME;
              default -> throw json.refused("a search mode is none of FHIR's");
            };
      } else {
        json.skip();
      }
    }
    return mode;
  }

  private static List<PeerIssue> issues(ScannedResource outcome) throws Refused {
    return outcome.issue().isPresent() ? new IssueScanner(outcome.issue().get()).read() : List.of();
  }
}
