package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.EvilPeer.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;

/**
 * Regions whose servers misbehave below FHIR, one of each kind, with an agreement each that lets
 * them be asked. All are London's to look at, by their certificates.
 */
public final class EvilRegions implements AutoCloseable {

  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n";
  private static final String ENDLESS = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String CUT = HEAD + "Content-Length: 10000\r\n\r\n{\"resourceType\":";

  /** 300 MB of spaces: more than the heap in less than the limit. */
  private static final byte[] BOMB = bomb();

  private static final String AUTHORITY = "evil-authority";

  /** How a region misbehaves, and what is then said of it. */
  public enum Kind {
    GZIP_BOMB(
        "failing",
        line -> {
          line.next();
          line.write(
              HEAD + "Content-Encoding: gzip\r\nContent-Length: " + BOMB.length + "\r\n\r\n");
          line.write(BOMB);
        }),
    ENDLESS_BODY(
        "failing",
        line -> {
          line.next();
          line.write(ENDLESS);
          while (true) {
            line.write("4000\r\n" + " ".repeat(0x4000) + "\r\n");
          }
        }),
    /** One byte in 300 ms. */
    SLOW_DRIP(
        "timed-out",
        line -> {
          line.next();
          line.write(CUT);
          while (true) {
            line.pause(300);
            line.write(" ");
          }
        }),
    RESET_IN_BODY(
        "failing",
        line -> {
          line.next();
          line.write(CUT);
          line.pause(50);
          line.reset();
        }),
    SILENCE_BEFORE_TLS("unreachable", EvilPeer.Line::awaitClose),
    SILENCE_AFTER_REQUEST(
        "timed-out",
        line -> {
          line.next();
          line.awaitClose();
        }),
    NOBODY_LISTENS("unreachable", EvilPeer.Line::next),
    /** Its certificate is another region's. */
    WRONG_CERTIFICATE("unreachable", EvilPeer.Line::next),
    BYTES_AFTER_BODY("answered", Script.answering(request -> answer(request, "") + "EXTRABYTES")),
    HEADERS_TO_COPY(
        "answered",
        Script.answering(
            request ->
                answer(
                    request,
                    String.join(
                        "\r\n",
                        "Set-Cookie: evil=1",
                        "Location: https://evil.example/",
                        "X-Evil: evil=2",
                        "X-Request-Id: evil=3",
                        "Via: evil=4",
                        "Ermine-Account: evil=5",
                        "")))),
    /** What a line folded into two, or an escape decoded too early, would inject. */
    HEADERS_TO_INJECT(
        "answered",
        Script.answering(
            request ->
                answer(
                    request, "X-Request-Id: a\r\n Set-Cookie: evil=1\r\nETag: %0d%0aevil=2\r\n"))),
    /** Whoever would connect to it hears nothing at all. */
    SYN_UNANSWERED("unreachable", EvilPeer.Line::next),
    EXPIRED_CERTIFICATE("unreachable", EvilPeer.Line::next),
    CERTIFICATE_OF_ANOTHER_NAME("unreachable", EvilPeer.Line::next),
    /** Whoever shows it does not have its key. */
    CERTIFICATE_WITHOUT_KEY("unreachable", EvilPeer.Line::next),
    END_IN_BODY(
        "failing",
        line -> {
          line.next();
          line.write(CUT);
        }),
    HALF_CLOSE_IN_BODY(
        "failing",
        line -> {
          line.next();
          line.write(CUT);
          line.halfClose();
          line.awaitClose();
        }),
    /** Without a length, so that nothing in HTTP says that it was cut. */
    TRUNCATED(
        "failing",
        line -> {
          line.next();
          line.write(HEAD + "Connection: close\r\n\r\n{\"resourceType\":\"Bundle\",\"ty");
        }),
    MALFORMED_CHUNK(
        "failing",
        line -> {
          line.next();
          line.write(ENDLESS + "what\r\n{}\r\n0\r\n\r\n");
          line.awaitClose();
        }),
    MALFORMED_JSON("failing", EvilAnswers.knowing(_ -> EvilAnswers.ok("{\"resourceType\":,}"))),
    LOGIN_PAGE(
        "failing", EvilAnswers.knowing(_ -> EvilAnswers.ok("<html>log in</html>", "text/html"))),
    OUTCOME_ALONE(
        "failing",
        EvilAnswers.knowing(_ -> EvilAnswers.ok(EvilAnswers.OUTCOME.replace('\'', '"')))),
    OUTCOME_AMONG_NOTHING(
        "failing",
        EvilAnswers.knowing(_ -> EvilAnswers.ok(EvilAnswers.searchset(EvilAnswers.OUTCOME, "")))),
    UNAUTHORISED("refused", EvilAnswers.always("401 Unauthorized", "")),
    FORBIDDEN("refused", EvilAnswers.always("403 Forbidden", "")),
    THROTTLED_FOR_SECONDS(
        "throttled", EvilAnswers.always("429 Too Many Requests", "Retry-After: 7")),
    THROTTLED_UNTIL_A_DATE(
        "throttled",
        EvilAnswers.always("429 Too Many Requests", "Retry-After: Fri, 31 Dec 2999 23:59:59 GMT")),
    THROTTLED_FOR_TEN_YEARS(
        "throttled", EvilAnswers.always("429 Too Many Requests", "Retry-After: 315360000")),
    THROTTLED_IN_GARBAGE(
        "throttled", EvilAnswers.always("429 Too Many Requests", "Retry-After: -1, soon")),
    UNAVAILABLE_FOR_SECONDS(
        "throttled", EvilAnswers.always("503 Service Unavailable", "Retry-After: 7")),
    UNAVAILABLE("failing", EvilAnswers.always("503 Service Unavailable", "")),
    ERROR("failing", EvilAnswers.always("500 Internal Server Error", "")),
    BUNDLE_OF_100_MB(
        "failing",
        line -> {
          line.next();
          line.write(HEAD + "Content-Length: 100000000\r\n\r\n");
          for (int sent = 0; sent < 100_000_000; sent += 100_000) {
            line.write(" ".repeat(100_000));
          }
        }),
    /** Within its bytes. */
    TOO_MANY_ENTRIES("part-answered", EvilAnswers.knowing(_ -> EvilAnswers.many(80_000))),
    PAGES_WITHOUT_END("part-answered", EvilAnswers.knowing(EvilAnswers::ever)),
    PAGE_AFTER_ITSELF(
        "part-answered", EvilAnswers.knowing(request -> EvilAnswers.page(request, "1"))),
    PAGES_IN_A_RING(
        "part-answered",
        EvilAnswers.knowing(
            request ->
                EvilAnswers.page(request, request.target().endsWith("_page=1") ? "2" : "1"))),
    LATER_RELEASE("answered", EvilAnswers.knowing(_ -> EvilAnswers.later())),
    TWO_ANSWERS("answered", EvilAnswers.knowing(_ -> EvilAnswers.twice()));

    /** None of them is sent a request: nobody knows whom it would reach. */
    private static final Set<Kind> UNKNOWN =
        Set.of(
            WRONG_CERTIFICATE,
            EXPIRED_CERTIFICATE,
            CERTIFICATE_OF_ANOTHER_NAME,
            CERTIFICATE_WITHOUT_KEY);

    private final String status;

    @SuppressWarnings("ImmutableEnumChecker") // scripts keep nothing
    private final Script script;

    Kind(String status, Script script) {
      this.status = status;
      this.script = script;
    }

    /** Whether it must not be sent anything. */
    public boolean isUnknown() {
      return UNKNOWN.contains(this);
    }

    /** Its id in {@code regions.yaml}. */
    public String region() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its status in the account. */
    public String status() {
      return status;
    }
  }

  private final Map<Kind, EvilPeer> peers;
  private final Socket absent;
  private final DeafDoor deaf;

  private EvilRegions(Map<Kind, EvilPeer> peers, Socket absent, DeafDoor deaf) {
    this.peers = peers;
    this.absent = absent;
    this.deaf = deaf;
  }

  /** One of each kind, on free ports. */
  public static EvilRegions start(DevPki pki) throws IOException {
    var authority = new TestPki("evil authority");
    Files.writeString(pki.file(AUTHORITY + ".crt"), pem(authority));
    // Bound and not listening: nobody else gets this port, and who calls it is refused.
    var absent = new Socket();
    absent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var regions = new EvilRegions(new EnumMap<>(Kind.class), absent, DeafDoor.open());
    for (Kind kind : Kind.values()) {
      regions.peers.put(kind, new EvilPeer(tls(kind, pki, authority), kind.script));
    }
    return regions;
  }

  private static String pem(TestPki authority) {
    return new TestPki.Identity(authority.anchor(), authority.issue("any").key()).certificatePem();
  }

  private static SSLContext tls(Kind kind, DevPki pki, TestPki authority) {
    X509Certificate gateways = pki.certificate("gateway-ca");
    Instant now = Instant.now();
    return switch (kind) {
      case WRONG_CERTIFICATE -> pki.tls("wessex-server", "gateway-ca");
      case EXPIRED_CERTIFICATE ->
          authority
              .issue("localhost", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))
              .client(gateways);
      case CERTIFICATE_OF_ANOTHER_NAME -> authority.issue("elsewhere.example").client(gateways);
      case CERTIFICATE_WITHOUT_KEY ->
          new TestPki.Identity(
                  authority.issue("localhost").certificate(), authority.issue("localhost").key())
              .client(gateways);
      default -> pki.tls("london-server", "gateway-ca");
    };
  }

  /** What was asked of the region of that kind. */
  public List<EvilPeer.Request> requests(Kind kind) {
    return peers.get(kind).requests();
  }

  /** Their ids, as {@code Ermine-Regions} lists them. */
  public String ids() {
    return Stream.of(Kind.values()).map(Kind::region).collect(Collectors.joining(", "));
  }

  /** The text of a {@code regions.yaml} with these regions and their agreements besides. */
  public String in(String regions) {
    String more = Stream.of(Kind.values()).map(this::region).collect(Collectors.joining());
    String agreed =
        Stream.of(Kind.values()).map(EvilRegions::agreement).collect(Collectors.joining());
    int end = regions.indexOf("denials:\n");
    return regions.substring(0, end) + more + regions.substring(end) + agreed;
  }

  private String region(Kind kind) {
    return """
      %1$s:
        name: Evil %1$s
        organisation: { ods: QMJ, name: Evil }
        status: active
        answers:
          base: https://localhost:%2$d/fhir
          anchors: [london-ca.crt, evil-authority.crt]
          token: { audience: https://localhost:%2$d/fhir, algorithm: ES256, use: query }
          lookup: two-step
          search: post
          budget: 3s
          types: [Patient, AllergyIntolerance]
    """
        .formatted(kind.region(), port(kind));
  }

  private int port(Kind kind) {
    return switch (kind) {
      case NOBODY_LISTENS -> absent.getLocalPort();
      case SYN_UNANSWERED -> deaf.port();
      default -> peers.get(kind).base().getPort();
    };
  }

  private static String agreement(Kind kind) {
    return """
      - id: DSA-%1$s
        releases: %1$s
        to: [hwe]
        purposes: [TREAT]
        roles: [R8000]
        types: [Patient, AllergyIntolerance]
        relationship: required
        valid: { from: 2021-12-01, until: 2099-11-30 }
    """
        .formatted(kind.region());
  }

  /** A searchset of one resource, or of none, in apostrophes, with more members. */
  public static String searchset(String resource, String more) {
    return EvilAnswers.searchset(resource, more);
  }

  /** What a good region answers: the patient, and one allergy of theirs. */
  private static String answer(EvilPeer.Request request, String headers) {
    String resource =
        request.target().contains("Patient")
            ? "{'resourceType':'Patient','id':'p','identifier':[{'system':"
                + "'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'}]}"
            : "{'resourceType':'AllergyIntolerance','id':'a','patient':{'reference':'Patient/p'}}";
    String body = searchset(resource, "");
    return HEAD + headers + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
  }

  private static byte[] bomb() {
    var small = new ByteArrayOutputStream();
    byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
    try (var gzip = new GZIPOutputStream(small)) {
      for (int i = 0; i < 300; i++) {
        gzip.write(spaces);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail", e);
    }
    return small.toByteArray();
  }

  @Override
  public void close() throws IOException {
    for (EvilPeer peer : peers.values()) {
      peer.close();
    }
    absent.close();
    deaf.close();
  }
}
