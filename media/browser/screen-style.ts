/** What a shared screen is to be good at: letters that can be read, or movement that does not stutter. */
export type ScreenStyle = 'sharp-text' | 'smooth-video';

interface StyleSettings {
  contentHint: 'detail' | 'motion';
  maxBitrate: number;
  maxFramerate: number;
  degradationPreference: RTCDegradationPreference;
}

// One strong layer each. Text stands still most of the time: fewer pictures, each with every letter in it.
export const SHARP_SCREEN: StyleSettings = {
  contentHint: 'detail',
  maxBitrate: 2_500_000,
  maxFramerate: 15,
  degradationPreference: 'maintain-resolution',
};
const SMOOTH_SCREEN: StyleSettings = {
  contentHint: 'motion',
  maxBitrate: 4_000_000,
  maxFramerate: 30,
  degradationPreference: 'maintain-framerate',
};

/** Marks the track; whoever sends it reads the mark, also after it was exchanged for another one. */
export function styleTrack(track: MediaStreamTrack, style: ScreenStyle): void {
  track.contentHint = (style === 'smooth-video' ? SMOOTH_SCREEN : SHARP_SCREEN).contentHint;
}

/** Makes the sender follow the mark of its track. What a browser does not know it leaves as it is. */
export async function tuneScreen(sender: RTCRtpSender | undefined, track: MediaStreamTrack): Promise<void> {
  if (sender === undefined) return;
  const style = track.contentHint === 'motion' ? SMOOTH_SCREEN : SHARP_SCREEN;
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (encoding === undefined || encoding.maxFramerate === style.maxFramerate) return;
  encoding.maxBitrate = style.maxBitrate;
  encoding.maxFramerate = style.maxFramerate;
  parameters.degradationPreference = style.degradationPreference;
  // A browser that refuses it sends what it thinks best.
  await sender.setParameters(parameters).catch(() => undefined);
}
