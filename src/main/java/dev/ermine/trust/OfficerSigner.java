package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ermine.region.Approval.Kind;
import java.nio.file.Path;
import java.util.Optional;

/** An officer at their own desk, with their private key. */
public final class OfficerSigner {

  private final String id;
  private final OfficerKey key;

  private OfficerSigner(String id, OfficerKey key) {
    this.id = id;
    this.key = key;
  }

  /**
   * The officer whose private key is in that file.
   *
   * @throws IllegalArgumentException when it holds none; the message quotes nothing of it
   */
  public static OfficerSigner read(String id, Path privateKey) {
    return new OfficerSigner(id, OfficerKey.readPrivate(privateKey));
  }

  /** The signature under the file, as a line without its end. */
  public String sign(Kind kind, byte[] file) {
    return DetachedSignature.line(kind, file, id, key);
  }

  /** Whose signature the line is; empty if it is none. */
  public static Optional<String> signer(String line) {
    return DetachedSignature.read(line).map(DetachedSignature::officer);
  }

  /**
   * A pair of keys, new.
   *
   * @param publicKey a JWK, for the gateway's configuration
   * @param privateKey a JWK, for the officer alone
   */
  public record Pair(String publicKey, String privateKey) {

    /** Never the keys. */
    @Override
    public String toString() {
      return "Pair";
    }
  }

  /** A new pair for that officer: ES256. */
  public static Pair pair(String id) {
    try {
      ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
      return new Pair(key.toPublicJWK().toJSONString(), key.toJSONString());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "OfficerSigner[" + id + "]";
  }
}
