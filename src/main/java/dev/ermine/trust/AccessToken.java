package dev.ermine.trust;

import dev.ermine.region.Region.Algorithm;

/**
 * What an access token says, once its signature has been found good.
 *
 * @param algorithm it is signed with
 * @param keyId of the gateway's key that it is signed with
 * @param client the issuer of the region that it was given to
 * @param clientKey id of the region's key that it was got with
 */
record AccessToken(
    Requester requester, Algorithm algorithm, String keyId, String client, String clientKey) {

  /** Never what it says of a person. */
  @Override
  public String toString() {
    return "AccessToken[" + requester + "]";
  }
}
