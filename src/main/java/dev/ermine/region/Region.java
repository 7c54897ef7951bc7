package dev.ermine.region;

import java.net.URI;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A region as {@code regions.yaml} declares it.
 *
 * @param name the record's name as clinicians know it
 * @param publicText what callers are told while the region is suspended
 * @param asks how it proves itself; empty if it never asks
 * @param answers how it is asked; empty if it never answers
 * @param consents where the Consents of its patients are; empty: what an agreement implies holds
 * @param privacyOffice where its privacy officers are told of broken glass
 * @param control whose records it controls besides its own
 */
public record Region(
    RegionId id,
    String name,
    Organisation organisation,
    Status status,
    Optional<String> publicText,
    Optional<Asks> asks,
    Optional<Answers> answers,
    Optional<ConsentSource> consents,
    Optional<PrivacyOffice> privacyOffice,
    Control control) {

  /** A region that controls its own records alone. */
  public Region(
      RegionId id,
      String name,
      Organisation organisation,
      Status status,
      Optional<String> publicText,
      Optional<Asks> asks,
      Optional<Answers> answers,
      Optional<ConsentSource> consents,
      Optional<PrivacyOffice> privacyOffice) {
    this(
        id,
        name,
        organisation,
        status,
        publicText,
        asks,
        answers,
        consents,
        privacyOffice,
        Control.NONE);
  }

  /** A region of whose Consents nothing is known. */
  public Region(
      RegionId id,
      String name,
      Organisation organisation,
      Status status,
      Optional<String> publicText,
      Optional<Asks> asks,
      Optional<Answers> answers) {
    this(
        id,
        name,
        organisation,
        status,
        publicText,
        asks,
        answers,
        Optional.empty(),
        Optional.empty());
  }

  /** The region as its register of objections is asked; empty where it has none of its own. */
  public Optional<Region> register() {
    return consents
        .flatMap(ConsentSource::register)
        .map(
            register ->
                new Region(
                    id, name, organisation, status, publicText, asks, Optional.of(register)));
  }

  /**
   * Whose records a region controls, wherever they are met: what says so in a record that another
   * region relays.
   *
   * @param organisations ODS codes of the organisations, its own aside
   * @param sources ids of their systems, as source tags and {@code meta.source} have them
   */
  public record Control(Set<String> organisations, Set<String> sources) {

    /** None but its own. */
    public static final Control NONE = new Control(Set.of(), Set.of());

    public Control {
      organisations = Set.copyOf(organisations);
      sources = Set.copyOf(sources);
    }
  }

  /** Whether trust in the region is in force. */
  public enum Status {
    ACTIVE,
    SUSPENDED,
    RETIRED
  }

  /**
   * The JOSE algorithms that a region may be signed to with. Its own tokens are signed with the
   * first four alone.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, 3.1: {@code
   *     alg}</a>
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8037#section-3.1">RFC 8037, 3.1: {@code
   *     EdDSA}</a>
   */
  public enum Algorithm {
    PS256("PS256"),
    ES256("ES256"),
    RS384("RS384"),
    ES384("ES384"),
    RS512("RS512"),
    EDDSA("EdDSA");

    private final String code;

    Algorithm(String code) {
      this.code = code;
    }

    /** The algorithm of that {@code alg}, which there is. */
    static Algorithm of(String code) {
      return Stream.of(values()).filter(it -> it.code.equals(code)).findFirst().orElseThrow();
    }

    /** Its {@code alg}. */
    public String code() {
      return code;
    }

    @Override
    public String toString() {
      return code;
    }
  }

  /**
   * How a region proves itself.
   *
   * @param issuer the {@code iss} of its tokens, unique among regions
   * @param algorithm the one algorithm that its tokens may be signed with
   * @param keys its verification keys; none if it publishes them all
   * @param published where it publishes verification keys
   * @param certificates its client certificates, pinned whole
   * @param revocation how it is known that one of them has been revoked
   * @param timings whether {@code Server-Timing} is sent to it
   * @param forwards the regions whose questions it may hand on, as a gateway of theirs
   */
  public record Asks(
      String issuer,
      Algorithm algorithm,
      List<KeySet> keys,
      Optional<Published> published,
      List<X509Certificate> certificates,
      Optional<Revocation> revocation,
      boolean timings,
      Set<RegionId> forwards) {

    /** Of a region that asks for itself alone. */
    public Asks(
        String issuer,
        Algorithm algorithm,
        List<KeySet> keys,
        Optional<Published> published,
        List<X509Certificate> certificates,
        Optional<Revocation> revocation,
        boolean timings) {
      this(issuer, algorithm, keys, published, certificates, revocation, timings, Set.of());
    }

    public Asks {
      keys = List.copyOf(keys);
      certificates = List.copyOf(certificates);
      forwards = Set.copyOf(forwards);
    }
  }

  /**
   * A file of public keys.
   *
   * @param jwks the text of the JWK Set; parsed where JOSE is known
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517: JWK Set</a>
   */
  public record KeySet(String file, String jwks, KeyUse use) {

    /** What a key may be used for at this point of its life. */
    public enum KeyUse {
      NEXT,
      ACTIVE,
      RETIRING,
      REVOKED;

      /** Whether a token signed by such a key is accepted. */
      public boolean verifies() {
        return this == ACTIVE || this == RETIRING;
      }
    }
  }

  /**
   * An address at which a region publishes its active keys as a JWK Set. What {@code keys} of its
   * declaration say is revoked is so here, too.
   *
   * @param anchors certificates that the server's certificate must chain to
   * @param stale how old a copy may be used while the address does not answer
   */
  public record Published(URI url, List<X509Certificate> anchors, Duration stale) {
    public Published {
      anchors = List.copyOf(anchors);
    }
  }

  /**
   * How it is known that a certificate has been revoked: lists, or a responder.
   *
   * @param issuers who may have issued the certificates, their lists and the responder's answers
   * @param crls lists, each signed by one of the issuers; none where there is a responder
   * @param ocsp the one responder that is asked, whatever a certificate names
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, 5: CRL</a>
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6960">RFC 6960: OCSP</a>
   */
  public record Revocation(List<X509Certificate> issuers, List<Crl> crls, Optional<URI> ocsp) {
    public Revocation {
      issuers = List.copyOf(issuers);
      crls = List.copyOf(crls);
    }

    /** A file with a list of revoked certificates. */
    public record Crl(String file, X509CRL list) {}
  }

  /**
   * How a region is asked.
   *
   * @param base its FHIR base, without trailing slash
   * @param documents further bases of its documents, without trailing slash
   * @param anchors certificates that its server certificate must chain to
   * @param revocation how it is known that its server certificate has been revoked
   * @param read whether it supports {@code read}; otherwise a read is done by {@code _id} search
   * @param sort whether it sorts by {@code _sort}
   * @param budget the time allowed for all exchanges with it in one query
   * @param types the types it has
   * @param wire how it is connected to
   * @param gateway its id in {@code hops}, where it is a gateway itself
   */
  public record Answers(
      URI base,
      List<URI> documents,
      List<X509Certificate> anchors,
      Optional<Revocation> revocation,
      Token token,
      Lookup lookup,
      Search search,
      boolean read,
      boolean sort,
      Duration budget,
      Limits limits,
      Set<String> types,
      Wire wire,
      Optional<String> gateway) {

    /** Of a region that does not sort, is connected to as usual, and holds its records itself. */
    public Answers(
        URI base,
        List<URI> documents,
        List<X509Certificate> anchors,
        Optional<Revocation> revocation,
        Token token,
        Lookup lookup,
        Search search,
        boolean read,
        Duration budget,
        Limits limits,
        Set<String> types) {
      this(
          base,
          documents,
          anchors,
          revocation,
          token,
          lookup,
          search,
          read,
          false,
          budget,
          limits,
          types,
          Wire.USUAL,
          Optional.empty());
    }

    public Answers {
      documents = List.copyOf(documents);
      anchors = List.copyOf(anchors);
      types = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(types));
    }
  }

  /**
   * The token that a region demands of us.
   *
   * @param audience the {@code aud} of what we sign
   * @param endpoint where what we sign is exchanged for the token; empty where it is the token
   */
  public record Token(
      String audience, Algorithm algorithm, TokenUse use, Optional<Endpoint> endpoint) {

    /**
     * A region's token endpoint.
     *
     * @param clientId who we are there
     * @param scopes what is asked for
     * @param anchors certificates that the server's certificate must chain to
     * @param timeout of one exchange with it
     * @see <a
     *     href="https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html#step-3-access-token">SMART
     *     Backend Services: access token</a>
     */
    public record Endpoint(
        URI url,
        String clientId,
        List<String> scopes,
        List<X509Certificate> anchors,
        Duration timeout) {
      public Endpoint {
        scopes = List.copyOf(scopes);
        anchors = List.copyOf(anchors);
      }
    }

    /** How long one token may be used. */
    public enum TokenUse {
      /** For one exchange. */
      REQUEST,
      /** For all exchanges of one query. */
      QUERY,
      /** For all queries of the same user, purpose, relationship and patient, until it expires. */
      CONTEXT
    }
  }

  /** How the patient is found at a region. */
  public enum Lookup {
    /** {@code Patient?identifier=}, then {@code Type?patient=id}. */
    TWO_STEP,
    /** {@code Type?patient.identifier=}: the peer resolves the Patient. */
    CHAINED,
    /** {@code Type?patient:identifier=}: the peer compares the reference's own identifier. */
    IDENTIFIER
  }

  /** How a region is searched. */
  public enum Search {
    POST,
    GET
  }

  /**
   * How a region is connected to.
   *
   * @param connect until TLS is agreed, and HTTP/2 where it is spoken; empty: see {@link
   *     #connectWithin}
   * @param firstByte from the request to the head of its response; empty: as long as the budget
   *     lasts
   */
  public record Wire(Protocol protocol, Optional<Duration> connect, Optional<Duration> firstByte) {

    /** Where a region says nothing of it. */
    public static final Wire USUAL =
        new Wire(Protocol.HTTP_1_1, Optional.empty(), Optional.empty());

    /** The time that a connection has where nothing is said of it, at most. */
    public static final Duration CONNECT = Duration.ofSeconds(2);

    /**
     * The time that a connection has: as is said, otherwise two seconds, or two thirds of a shorter
     * budget, so that one that cannot be made ends as that and not as a late answer.
     */
    public Duration connectWithin(Duration budget) {
      Duration most = budget.multipliedBy(2).dividedBy(3);
      return connect.orElse(most.compareTo(CONNECT) < 0 ? most : CONNECT);
    }

    /**
     * A version of HTTP over TLS.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7301#section-6">RFC 7301, 6: protocol ids</a>
     */
    public enum Protocol {
      HTTP_1_1("http/1.1"),
      HTTP_2("h2");

      private final String id;

      Protocol(String id) {
        this.id = id;
      }

      /** The protocol of that id, which there is. */
      static Protocol of(String id) {
        return Stream.of(values()).filter(it -> it.id.equals(id)).findFirst().orElseThrow();
      }

      @Override
      public String toString() {
        return id;
      }
    }
  }

  /**
   * What queries may take of a region: each by itself, and all of this process together.
   *
   * @param connections at most, per event loop
   * @param bytes at most, per response body that is held in memory
   * @param entries at most, per type
   * @param pages at most, per type
   * @param rate exchanges at most: each of these holds
   * @param queries under way at once, at most
   * @param document bytes of a document that is passed on as it comes, at most
   * @param documents passed on at once, at most
   */
  public record Limits(
      int connections,
      int bytes,
      int entries,
      int pages,
      List<Quota> rate,
      int queries,
      long document,
      int documents) {

    /** With the usual number of queries and documents. */
    public Limits(int connections, int bytes, int entries, int pages, int perSecond) {
      this(
          connections,
          bytes,
          entries,
          pages,
          List.of(new Quota(perSecond, Duration.ofSeconds(1))),
          128,
          256_000_000,
          64);
    }

    public Limits {
      rate = List.copyOf(rate);
    }
  }

  /** So many exchanges in such a time, at most. */
  public record Quota(int exchanges, Duration per) {
    @Override
    public String toString() {
      return exchanges + (per.equals(Duration.ofSeconds(1)) ? "/s" : "/min");
    }
  }

  /** Whether trust in the region is in force. */
  public boolean active() {
    return status == Status.ACTIVE;
  }

  /** Whether trust in the region has been withdrawn. */
  public boolean suspended() {
    return status == Status.SUSPENDED;
  }

  /** Whether its credentials prove an asker. */
  public boolean mayAsk() {
    return active() && asks.isPresent();
  }

  /** Whether it may be asked, and what it says be disclosed. */
  public boolean mayAnswer() {
    return active() && answers.isPresent();
  }
}
