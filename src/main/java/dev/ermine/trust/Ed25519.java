package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/**
 * {@code EdDSA} with Ed25519 by the JDK's own hand; Nimbus would have another library for it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037#section-3.1">RFC 8037, 3.1: EdDSA</a>
 */
final class Ed25519 {

  private static final String NAME = "Ed25519";
  private static final int KEY_BYTES = 32;

  private Ed25519() {}

  /** What signs with the private half of {@code pair}. */
  static JWSSigner signer(OctetKeyPair pair) throws JOSEException {
    try {
      byte[] seed = sized(pair.getDecodedD());
      return new Signing(keys().generatePrivate(new EdECPrivateKeySpec(parameters(), seed)));
    } catch (GeneralSecurityException e) {
      // Not the cause: it may quote the key.
      throw new JOSEException("no private key of Ed25519");
    }
  }

  /** What verifies with the public half of {@code pair}. */
  static JWSVerifier verifier(OctetKeyPair pair) throws JOSEException {
    try {
      EdECPoint point = point(sized(pair.getDecodedX()));
      return new Verifying(keys().generatePublic(new EdECPublicKeySpec(parameters(), point)));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("no public key of Ed25519", e);
    }
  }

  private static byte[] sized(byte[] key) throws JOSEException {
    if (key == null || key.length != KEY_BYTES) {
      throw new JOSEException("a key of Ed25519 has 32 bytes");
    }
    return key;
  }

  /**
   * The point that 32 bytes are: <i>y</i> from its low end, and in the last bit whether <i>x</i> is
   * odd.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8032#section-5.1.2">RFC 8032, 5.1.2:
   *     encoding</a>
   */
  private static EdECPoint point(byte[] encoded) {
    byte[] y = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      y[i] = encoded[KEY_BYTES - 1 - i];
    }
    boolean xIsOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    return new EdECPoint(xIsOdd, new BigInteger(1, y));
  }

  private static KeyFactory keys() throws GeneralSecurityException {
    return KeyFactory.getInstance(NAME);
  }

  private static NamedParameterSpec parameters() {
    return NamedParameterSpec.ED25519;
  }

  private static final class Signing extends EdDSAProvider implements JWSSigner {

    private final PrivateKey key;

    private Signing(PrivateKey key) {
      this.key = key;
    }

    @Override
    public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
      try {
        Signature signature = Signature.getInstance(NAME);
        signature.initSign(key);
        signature.update(input);
        return Base64URL.encode(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new JOSEException("cannot sign with Ed25519", e);
      }
    }
  }

  private static final class Verifying extends EdDSAProvider implements JWSVerifier {

    private final PublicKey key;

    private Verifying(PublicKey key) {
      this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signed) throws JOSEException {
      try {
        Signature signature = Signature.getInstance(NAME);
        signature.initVerify(key);
        signature.update(input);
        return signature.verify(signed.decode());
      } catch (SignatureException e) {
        return false; // of another form
      } catch (GeneralSecurityException e) {
        throw new JOSEException("cannot verify with Ed25519", e);
      }
    }
  }
}
