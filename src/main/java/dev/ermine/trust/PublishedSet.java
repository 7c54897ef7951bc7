package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Stage;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that a region has published, as they came at one time: looked at as strictly as a file.
 * A set with a fault is refused whole; keys of another algorithm are for others.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5: JWK Set</a>
 */
final class PublishedSet {

  private static final int MAX_KEYS = 50;

  /** A key that fits, and what verifies with it. */
  record Key(String thumbprint, JWSVerifier verifier) {}

  private final Map<String, Key> keys;

  private PublishedSet(Map<String, Key> keys) {
    this.keys = Map.copyOf(keys);
  }

  /** What is wrong with a set: a predicate without its subject, and nothing of what it holds. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    private Unfit(String why) {
      super(why, null, false, false);
    }
  }

  static PublishedSet read(Slice json, Algorithm algorithm, Stage stage) throws Unfit {
    List<JWK> found = parse(json);
    Set<String> ids = new HashSet<>();
    Map<String, Key> fitting = new HashMap<>();
    for (JWK key : found) {
      check(key, ids, stage);
      if (Jose.fits(key, algorithm)) {
        fitting.put(key.getKeyID(), new Key(Jose.thumbprint(key), verifier(key)));
      }
    }
    if (fitting.isEmpty()) {
      throw new Unfit("holds no key that fits `" + algorithm + "`");
    }
    return new PublishedSet(fitting);
  }

  private static List<JWK> parse(Slice json) throws Unfit {
    JsonNode set = StrictJson.object(json).orElseThrow(() -> new Unfit("is not strict JSON"));
    int listed = set.path("keys").size();
    if (listed == 0 || listed > MAX_KEYS) {
      throw new Unfit("holds no keys, or more than " + MAX_KEYS);
    }
    try {
      return JWKSet.parse(
              new String(json.bytes(), json.from(), json.length(), StandardCharsets.UTF_8))
          .getKeys();
    } catch (ParseException e) {
      // Not the cause: it may quote a key.
      throw new Unfit("is not a JWK Set");
    }
  }

  private static void check(JWK key, Set<String> ids, Stage stage) throws Unfit {
    if (key.isPrivate()) {
      throw new Unfit("holds a private key, which is secret no longer");
    }
    if (key.getKeyID() == null || key.getKeyID().isEmpty()) {
      throw new Unfit("holds a key without `kid`");
    }
    if (!ids.add(key.getKeyID())) {
      throw new Unfit("holds two keys of the same `kid`");
    }
    if (stage.refuses(key.getKeyID())) {
      throw new Unfit("holds a key of development");
    }
  }

  private static JWSVerifier verifier(JWK key) throws Unfit {
    try {
      return Jose.verifier(key);
    } catch (JOSEException e) {
      throw new Unfit("holds a key that cannot verify");
    }
  }

  Optional<Key> key(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }
}
