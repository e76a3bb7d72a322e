import { useEffect, useState } from 'preact/hooks';
import { WifiOff } from 'lucide-preact';
import { Banner } from '../ui/banner.tsx';
import { say } from './texts.ts';
import type { Widget } from './widget.ts';

/** Most interruptions are shorter than this, and a banner that blinks helps nobody. */
const SHOW_AFTER_MS = 1_200;

/** Says what still works while the connection is away. */
export function OfflineBanner({ widget, keepsMessages = false }: { widget: Widget; keepsMessages?: boolean }) {
  const isOnline = widget.isOnline.value;
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (isOnline) {
      setIsShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setIsShown(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isOnline]);
  if (!isShown || isOnline) return null;
  return <Banner icon={<WifiOff size={18} />}>{say(keepsMessages ? 'offlineNotice' : 'offlineHere')}</Banner>;
}
