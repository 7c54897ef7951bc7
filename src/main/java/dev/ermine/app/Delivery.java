package dev.ermine.app;

/** Where suspensions are brought to, by another way than the mounted file. */
@FunctionalInterface
interface Delivery {

  /**
   * Brings suspensions, to be judged as if they lay in the file.
   *
   * @param suspensions the bytes of {@code suspensions.yaml}
   * @param signatures the bytes of {@code suspensions.yaml.jws}; none where there is none
   */
  void offer(byte[] suspensions, byte[] signatures);
}
