package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jwk.JWK;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A file of the gateway's own signing keys, all at one point of their life.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5: JWK Set</a>
 */
public final class SigningKeyFile {

  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  private final String name;
  private final KeyUse use;
  private final List<JWK> keys;
  private final List<SigningKey> signing;

  /** A private key at work; it never shows itself. */
  record SigningKey(String keyId, String thumbprint, List<Algorithm> serves, JWSSigner signer) {
    @Override
    public String toString() {
      return "SigningKey";
    }
  }

  private SigningKeyFile(String name, KeyUse use, List<JWK> keys, List<SigningKey> signing) {
    this.name = name;
    this.use = use;
    this.keys = List.copyOf(keys);
    this.signing = List.copyOf(signing);
  }

  /**
   * The keys of a file: a JWK Set of EC keys (P-256, P-384), RSA keys (2048 bits or more) and
   * Ed25519 keys. Those that sign now or will are private. Where two serve one algorithm, the first
   * one signs and the other is only published.
   *
   * @throws IllegalArgumentException when the file holds anything else; the message names it, and
   *     quotes nothing of it
   */
  public static SigningKeyFile read(Path file, KeyUse use) {
    JwkSetFile set = new JwkSetFile("signing keys", file);
    List<JWK> keys = set.keys();
    List<SigningKey> signing = new ArrayList<>();
    for (JWK key : keys) {
      List<Algorithm> served = served(set, use, key);
      if (signs(use)) {
        signing.add(signing(set, key, served));
      }
    }
    return new SigningKeyFile(file.toString(), use, keys, signing);
  }

  /** The algorithms that a key can serve. What is revoked need serve none. */
  private static List<Algorithm> served(JwkSetFile file, KeyUse use, JWK key) {
    List<Algorithm> served =
        Stream.of(Algorithm.values()).filter(algorithm -> Jose.fits(key, algorithm)).toList();
    if (signs(use) && !key.isPrivate()) {
      throw file.fault("holds a key that is not private");
    }
    if (use != KeyUse.REVOKED && served.isEmpty()) {
      throw file.fault("holds a key that is not EC P-256, EC P-384, RSA of 2048 bits or Ed25519");
    }
    return served;
  }

  /** Whether such keys sign, now or soon: the private halves of others may be gone. */
  private static boolean signs(KeyUse use) {
    return use == KeyUse.ACTIVE || use == KeyUse.NEXT;
  }

  /** The key at work, once it has been seen that its public half verifies what it signs. */
  private static SigningKey signing(JwkSetFile file, JWK key, List<Algorithm> served) {
    try {
      JWSSigner signer = Jose.signer(key);
      JWSHeader header = Jose.header(served.getFirst(), key.getKeyID());
      if (Jose.verifier(key.toPublicJWK()).verify(header, PROBE, signer.sign(header, PROBE))) {
        return new SigningKey(key.getKeyID(), Jose.thumbprint(key), served, signer);
      }
    } catch (JOSEException e) {
      // Not the cause: it may quote the key.
    }
    throw file.fault("holds a key that cannot sign");
  }

  /** The {@code kid} of each key. */
  public List<String> ids() {
    return keys.stream().map(JWK::getKeyID).toList();
  }

  /** Whether anything in it is secret. */
  public boolean isPrivate() {
    return keys.stream().anyMatch(JWK::isPrivate);
  }

  String name() {
    return name;
  }

  KeyUse use() {
    return use;
  }

  List<JWK> keys() {
    return keys;
  }

  /** The keys that can sign, in the file's order. */
  List<SigningKey> signing() {
    return signing;
  }

  /** Whether it says the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SigningKeyFile it
        && name.equals(it.name)
        && use == it.use
        && keys.equals(it.keys);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, use, keys);
  }

  /** The file, never a key. */
  @Override
  public String toString() {
    return "SigningKeyFile[" + name + "]";
  }
}
