package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.ermine.region.Region.Algorithm;

/**
 * What each JOSE algorithm asks of a key: one type, one curve, one least size.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3">RFC 7518, 3: algorithms for
 *     JWS</a>
 */
final class Jose {

  private static final int MIN_RSA_BITS = 2048;

  private Jose() {}

  /**
   * Whether {@code key} may sign with {@code algorithm}, by its kind and by what it says of itself.
   */
  static boolean fits(JWK key, Algorithm algorithm) {
    boolean forSigning = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    boolean forThis = key.getAlgorithm() == null || key.getAlgorithm().equals(name(algorithm));
    return forSigning && forThis && hasKind(key, algorithm);
  }

  private static boolean hasKind(JWK key, Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256);
      case ES384 -> key instanceof ECKey ec && ec.getCurve().equals(Curve.P_384);
      case PS256, RS384, RS512 -> key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS;
      case EDDSA -> key instanceof OctetKeyPair okp && okp.getCurve().equals(Curve.Ed25519);
    };
  }

  static JWSAlgorithm name(Algorithm algorithm) {
    return JWSAlgorithm.parse(algorithm.code());
  }

  static JWSHeader header(Algorithm algorithm, String keyId) {
    return header(JOSEObjectType.JWT, algorithm, keyId);
  }

  static JWSHeader header(JOSEObjectType type, Algorithm algorithm, String keyId) {
    return new JWSHeader.Builder(name(algorithm)).type(type).keyID(keyId).build();
  }

  /** What verifies with the key, which fits. */
  static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> Ecdsa.verifier(ec);
      case OctetKeyPair pair -> Ed25519.verifier(pair);
      default -> new RSASSAVerifier(key.toRSAKey());
    };
  }

  /** What signs with the private key, which fits. */
  static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> Ecdsa.signer(ec);
      case OctetKeyPair pair -> Ed25519.signer(pair);
      default -> new RSASSASigner(key.toRSAKey());
    };
  }

  /**
   * The key's SHA-256 thumbprint: which it is, whatever it is called.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638: JWK thumbprint</a>
   */
  static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
