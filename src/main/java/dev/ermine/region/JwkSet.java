package dev.ermine.region;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file of public keys.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517: JWK Set</a>
 */
record JwkSet(List<Jwk> keys) {

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(20).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The keys of the file; what is wrong is told to {@code faults}. */
  static JwkSet read(byte[] json, Consumer<String> faults) {
    try {
      JwkSet set = of(STRICT.readTree(json));
      set.check(faults);
      return set;
    } catch (IOException e) {
      faults.accept("is not JSON, or says a member twice");
      return new JwkSet(List.of());
    }
  }

  private static JwkSet of(JsonNode root) {
    return new JwkSet(root.path("keys").valueStream().map(Jwk::new).toList());
  }

  private void check(Consumer<String> faults) {
    if (keys.isEmpty()) {
      faults.accept("holds no keys; a JWK Set has them in `keys`");
    }
    Set<String> kids = new HashSet<>();
    for (Jwk key : keys) {
      if (key.isPrivate()) {
        faults.accept(Secrets.FAULT);
      } else if (key.kty().isEmpty() || key.kid().isEmpty()) {
        faults.accept("holds a key without `kty` or `kid`");
      } else if (!kids.add(key.kid())) {
        faults.accept("holds two keys of the same `kid`");
      } else if (key.isWeak()) {
        faults.accept("holds an RSA key of fewer than " + Jwk.RSA_BITS + " bits");
      }
    }
  }
}
