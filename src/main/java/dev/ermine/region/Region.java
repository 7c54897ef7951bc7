package dev.ermine.region;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A region as {@code regions.yaml} declares it.
 *
 * @param name the record's name as clinicians know it
 * @param publicText what callers are told while the region is suspended
 * @param asks how it proves itself; empty if it never asks
 * @param answers how it is asked; empty if it never answers
 */
public record Region(
    RegionId id,
    String name,
    Organisation organisation,
    Status status,
    Optional<String> publicText,
    Optional<Asks> asks,
    Optional<Answers> answers) {

  /** Whether trust in the region is in force. */
  public enum Status {
    ACTIVE,
    SUSPENDED,
    RETIRED
  }

  /** The JOSE algorithms that a region may sign with, or be signed to with. */
  public enum Algorithm {
    PS256,
    ES256,
    RS384,
    ES384
  }

  /**
   * How a region proves itself.
   *
   * @param issuer the {@code iss} of its tokens, unique among regions
   * @param algorithm the one algorithm that its tokens may be signed with
   * @param keys its verification keys
   * @param certificates its client certificates, pinned whole
   * @param timings whether {@code Server-Timing} is sent to it
   */
  public record Asks(
      String issuer,
      Algorithm algorithm,
      List<KeySet> keys,
      List<X509Certificate> certificates,
      boolean timings) {
    public Asks {
      keys = List.copyOf(keys);
      certificates = List.copyOf(certificates);
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
   * How a region is asked.
   *
   * @param base its FHIR base, without trailing slash
   * @param documents further bases of its documents, without trailing slash
   * @param anchors certificates that its server certificate must chain to
   * @param read whether it supports {@code read}; otherwise a read is done by {@code _id} search
   * @param budget the time allowed for all exchanges with it in one query
   * @param types the types it has
   */
  public record Answers(
      URI base,
      List<URI> documents,
      List<X509Certificate> anchors,
      Token token,
      Lookup lookup,
      Search search,
      boolean read,
      Duration budget,
      Limits limits,
      Set<String> types) {
    public Answers {
      documents = List.copyOf(documents);
      anchors = List.copyOf(anchors);
      types = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(types));
    }
  }

  /** The token that a region demands of us. */
  public record Token(String audience, Algorithm algorithm, TokenUse use) {

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
   * What one query may take of a region.
   *
   * @param connections at most, per event loop
   * @param bytes at most, per response body
   * @param entries at most, per type
   * @param pages at most, per type
   * @param rate exchanges a second, at most
   */
  public record Limits(int connections, int bytes, int entries, int pages, int rate) {}

  /** Whether trust in the region is in force. */
  public boolean active() {
    return status == Status.ACTIVE;
  }

  /** Whether its credentials prove an asker. */
  public boolean mayAsk() {
    return active() && asks.isPresent();
  }
}
