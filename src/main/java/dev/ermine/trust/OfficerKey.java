package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.region.Region.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/**
 * A key that an officer's signatures are known by, or are made with: EC on P-256 or P-384, or RSA.
 * It signs with the one algorithm that its kind has.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-4">RFC 7517, 4: JSON Web Key</a>
 */
public final class OfficerKey {

  private static final List<Algorithm> ALGORITHMS =
      List.of(Algorithm.ES256, Algorithm.ES384, Algorithm.PS256);

  private final JWK key;
  private final Algorithm algorithm;

  private OfficerKey(JWK key, Algorithm algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  /**
   * The public key of a file.
   *
   * @throws IllegalArgumentException when the file holds anything else; the message names it, and
   *     quotes nothing of it
   */
  public static OfficerKey readPublic(Path file) {
    JWK key = parse(file);
    if (key.isPrivate()) {
      throw fault(
          file,
          "holds a private key; take it out, and have the officer make another: it is secret no"
              + " longer");
    }
    return of(file, key);
  }

  /**
   * The private key of a file.
   *
   * @throws IllegalArgumentException as {@link #readPublic} does
   */
  static OfficerKey readPrivate(Path file) {
    JWK key = parse(file);
    if (!key.isPrivate()) {
      throw fault(file, "holds no private key; sign with the one that `trust key` wrote");
    }
    return of(file, key);
  }

  private static OfficerKey of(Path file, JWK key) {
    return of(key)
        .orElseThrow(
            () ->
                fault(
                    file,
                    "holds a key that is not EC P-256, EC P-384 or RSA of 2048 bits and more"));
  }

  static Optional<OfficerKey> of(JWK key) {
    return ALGORITHMS.stream()
        .filter(algorithm -> Jose.fits(key, algorithm))
        .findFirst()
        .map(algorithm -> new OfficerKey(key, algorithm));
  }

  private static JWK parse(Path file) {
    try {
      return JWK.parse(Files.readString(file));
    } catch (IOException e) {
      throw fault(file, "cannot be read; does it exist?");
    } catch (ParseException e) {
      // Not the cause: it may quote the key.
      throw fault(file, "is no JWK; make a pair with `./ermine trust key`");
    }
  }

  private static IllegalArgumentException fault(Path file, String fault) {
    return new IllegalArgumentException("`" + file + "` " + fault);
  }

  /** What the key calls itself, if it does. */
  public Optional<String> keyId() {
    return Optional.ofNullable(key.getKeyID());
  }

  /**
   * What the key is, whatever it is called.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638: JWK Thumbprint</a>
   */
  public String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether it has made that signature. */
  boolean verifies(byte[] signed, Base64URL signature) {
    try {
      JWSVerifier verifier = Jose.verifier(key.toPublicJWK());
      return verifier.verify(Jose.header(algorithm, "officer"), signed, signature);
    } catch (JOSEException e) {
      // A wrong signature is false; this is a platform that cannot verify at all.
      throw new IllegalStateException("cannot verify `" + algorithm + "` signatures", e);
    }
  }

  Base64URL sign(byte[] bytes) {
    try {
      return Jose.signer(key).sign(Jose.header(algorithm, "officer"), bytes);
    } catch (JOSEException e) {
      // Not the cause: it may quote the key.
      throw new IllegalStateException("the officer's key cannot sign");
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "OfficerKey[" + algorithm + "]";
  }
}
