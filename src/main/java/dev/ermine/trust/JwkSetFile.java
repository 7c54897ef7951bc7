package dev.ermine.trust;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;

/**
 * A file of keys of the gateway's own: a JWK Set. What is said of it names it, and quotes nothing
 * of it.
 *
 * @param called what its keys are called: {@code signing keys}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5: JWK Set</a>
 */
record JwkSetFile(String called, Path file) {

  /**
   * Its keys, one at least, each with a {@code kid} of its own.
   *
   * @throws IllegalArgumentException when it holds anything else
   */
  List<JWK> keys() {
    List<JWK> keys = parsed();
    if (keys.isEmpty()) {
      throw fault("holds no key");
    }
    long ids = keys.stream().map(JWK::getKeyID).filter(Objects::nonNull).distinct().count();
    if (ids != keys.size()) {
      throw fault("needs a `kid` for each key, and a different one");
    }
    if (!keys.stream().allMatch(key -> TokenForm.isKeyId(key.getKeyID()))) {
      throw fault("holds a `kid` that no token can name: 1 to 128 visible characters");
    }
    return keys;
  }

  private List<JWK> parsed() {
    try {
      return JWKSet.parse(text()).getKeys();
    } catch (ParseException e) {
      // Not the cause: it may quote a key.
      throw fault("is not a JWK Set");
    }
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          called + " `" + file + "` cannot be read; write a JWK Set of " + called + " there", e);
    }
  }

  IllegalArgumentException fault(String fault) {
    return new IllegalArgumentException(
        called + " `" + file + "`: the file " + fault + "; write a JWK Set of " + called);
  }
}
